import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bindFollowers, followers } from '../../src/bind-traffic.ts';
import { Failure } from '../../src/failure.ts';
import { readInvokers } from '../../src/gcp/iam.ts';
import { forbidCall, letCall } from '../../src/gcp/invokers.ts';
import { readService } from '../../src/gcp/run.ts';
import type { RunService } from '../../src/gcp/run-service.ts';
import { setTraffic } from '../../src/gcp/run-traffic.ts';
import { buildImage } from '../../src/images/build.ts';
import { pushImage } from '../../src/images/push.ts';
import type { Site } from '../../src/site.ts';
import { smokeFailure } from '../../src/smoke/ask.ts';
import { sayOfTraffic } from '../../src/smoke/say-of-traffic.ts';
import { trafficOf } from '../../src/traffic.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

const place = `projects/${project}/locations/us-central1`;
const account = `run-all@${project}.iam.gserviceaccount.com`;
const names = ['habits', 'meals', 'stranger'] as const;
let door: GoogleDoor;
let site: Site;
let folder = '';
let image = '';

const program = `
import { createServer } from 'node:http';
const answer = (request, response) => response.end(process.env.K_REVISION);
createServer(answer).listen(Number(process.env.PORT), '127.0.0.1');
`;

beforeAll(async () => {
  door = await openGoogle({ run: true });
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'run-all' });
  await door.call('POST', `/v1/${place}/repositories?repository_id=wellness`, { format: 'DOCKER' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-bind-'));
  await writeFile(join(folder, 'main.mjs'), program);
  const command = [process.execPath, 'main.mjs'];
  await writeFile(join(folder, 'service.json'), JSON.stringify({ command }));
  const repository = `us-central1-docker.pkg.dev/${project}/wellness/all`;
  const built = await buildImage(folder);
  image = (await pushImage(door.access, { image: built, repository })).reference;
  const doors = {
    google: { url: 'http://127.0.0.1:9', token: door.access.token },
    supabase: { api: '', token: async () => '', projectUrl: async () => '' },
  };
  site = { ...(await siteAt(folder, doors)), google: door.access };
  for (const name of names) {
    await door.call('POST', `/v2/${place}/services?serviceId=${name}`, { template: template('1') });
    await ready(name);
    await letCall(door.access, { service: name, member: 'allUsers' });
    // A grant spreads within a while, as at Google.
    await vi.waitUntil(async () => (await fetch((await service(name)).uri)).ok, long);
  }
}, 120_000);
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('a revision that becomes ready takes the share of LATEST at once: what binding is for', async () => {
  const before = await service('stranger');
  await newRevision('stranger');
  const after = await service('stranger');
  expect(after.latestReadyRevision).not.toBe(before.latestReadyRevision);
  expect(await answersOf(after)).toEqual([after.latestReadyRevision]);
});

test('what is bound goes on with its revision through the next one; a stranger’s service is left', async () => {
  const meals = await service('meals');
  const habits = await service('habits');
  const revision = meals.latestReadyRevision;
  const split = [
    { revision, percent: 70 },
    { revision: 'LATEST', percent: 30 },
    { revision: 'LATEST', percent: 0, tag: 'newest' },
  ];
  await setTraffic(door.access, { service: 'meals', traffic: split });
  const planned = [
    { service: 'habits', revision: habits.latestReadyRevision, percent: 100 },
    { service: 'meals', revision, percent: 30 },
  ];
  expect(await followers(site)).toEqual(planned);
  expect(await bindFollowers(site)).toEqual(planned);
  expect(await followers(site)).toEqual([]);
  expect((await service('stranger')).traffic).toEqual([{ revision: 'LATEST', percent: 100 }]);
  for (const name of ['habits', 'meals']) await newRevision(name);
  expect(await answersOf(await service('meals'))).toEqual([revision]);
  expect(await answersOf(await service('habits'))).toEqual([habits.latestReadyRevision]);
  expect((await service('meals')).traffic).toEqual([
    { revision, percent: 100 },
    { revision, percent: 0, tag: 'newest' },
  ]);
});

test('where the traffic goes is said of a failed smoke test only by who has looked', async () => {
  const found = smokeFailure('meals is not ready', 'it answered 500');
  expect(found.fix).not.toContain('traffic');
  const before = trafficOf([await service('meals')]);
  const said = async (traffic: typeof before | undefined) => {
    const error = await sayOfTraffic(site, found, traffic);
    return error instanceof Failure ? error.fix : '';
  };
  expect(await said(before)).toContain('the traffic was not moved');
  expect(await said(undefined)).not.toContain('traffic');
  const { latestReadyRevision: revision } = await service('meals');
  await setTraffic(door.access, { service: 'meals', traffic: [{ revision, percent: 100 }] });
  expect(await said(before)).toContain('the traffic of meals was moved');
});

test('a grant to call is added and taken back beside those of others; neither is a failure twice', async () => {
  const member = `serviceAccount:${account}`;
  await letCall(door.access, { service: 'habits', member });
  await letCall(door.access, { service: 'habits', member });
  expect(await readInvokers(door.access, 'habits')).toEqual(['allUsers', member]);
  await forbidCall(door.access, { service: 'habits', member });
  await forbidCall(door.access, { service: 'habits', member });
  expect(await readInvokers(door.access, 'habits')).toEqual(['allUsers']);
  await forbidCall(door.access, { service: 'not-there', member });
});

let version = 1;

function template(value: string) {
  const env = [{ name: 'VERSION', value }];
  return {
    serviceAccount: account,
    containers: [{ image, env, ports: [{ containerPort: 8080 }] }],
  };
}

async function newRevision(name: string): Promise<void> {
  version += 1;
  const body = { template: template(String(version)) };
  const before = (await service(name)).latestReadyRevision;
  await door.call('PATCH', `/v2/${place}/services/${name}?updateMask=template`, body);
  await vi.waitUntil(
    async () => (await service(name)).latestReadyRevision !== before && (await ready(name)),
    long,
  );
}

async function ready(name: string): Promise<boolean> {
  return vi.waitUntil(async () => (await readService(door.access, name))?.ready, long);
}

const long = { timeout: 60_000, interval: 100 };

async function service(name: string): Promise<RunService> {
  const found = await readService(door.access, name);
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

/** The revisions that answered twenty calls. */
async function answersOf({ uri }: RunService): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let left = 20; left > 0; left -= 1) seen.add(await (await fetch(uri)).text());
  return [...seen];
}
