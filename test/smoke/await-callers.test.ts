import { afterAll, beforeAll, expect, test } from 'vitest';
import { everythingAt } from '../../src/gcp/access.ts';
import { generateIdToken } from '../../src/gcp/iam.ts';
import { awaitCallers } from '../../src/smoke/await-callers.ts';
import type { Reach } from '../../src/smoke/reach.ts';
import { ACCOUNT, openCloud, PARENT, prepare, pushImage, serving } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

let cloud: Cloud;
let reach: Reach;
let said: string[];

const signal = new AbortController().signal;
const beat = (progress: string) => void said.push(progress);

beforeAll(async () => {
  said = [];
  cloud = await openCloud();
  await prepare(cloud);
  const image = await pushImage(cloud, serving(`'fine'`));
  const template = { containers: [{ image }], serviceAccount: ACCOUNT };
  await cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, { template });
  const { uri: url } = (await cloud.call('GET', `/v2/${PARENT}/services/users`)).body;
  const owner = { project: 'demo-prod', region: 'us-central1', token: async () => cloud.token };
  const google = everythingAt(cloud.door.url, owner);
  const token = await generateIdToken(google, { account: ACCOUNT, audience: url });
  reach = { name: 'users', url, headers: { authorization: `Bearer ${token}` }, revision: '' };
});
afterAll(() => cloud[Symbol.asyncDispose]());

test('a caller whom Google does not let in is named when the patience ends', async () => {
  cloud.world.profile.set({ name: 'zero', iamSpreadMs: 3_600_000 });
  await grant();
  await expect(awaitCallers([reach], { signal, beat, patienceMs: 0 })).rejects.toMatchObject({
    code: 'IAM_NOT_SPREAD',
    why: expect.stringMatching(/: calls of users$/),
  });
});

test('a caller whom Google lets in a little later is waited for', async () => {
  cloud.world.profile.set({ name: 'zero', iamSpreadMs: 600 });
  await grant();
  await awaitCallers([reach], { signal, beat });
  expect(said[0]).toMatch(/^waiting for 1 of 1 new permissions/);
});

async function grant(): Promise<void> {
  const bindings = [{ role: 'roles/run.invoker', members: [`serviceAccount:${ACCOUNT}`] }];
  const path = `/v2/${PARENT}/services/users:setIamPolicy`;
  await cloud.call('POST', path, { policy: { bindings: [] } });
  expect((await cloud.call('POST', path, { policy: { bindings } })).status).toBe(200);
}
