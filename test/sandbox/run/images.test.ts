import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

let cloud: Cloud;
let image: string;

beforeAll(async () => {
  cloud = await openCloud({ idleMs: 100 });
  await prepare(cloud);
  image = await pushImage(cloud, serving(`'pid ' + process.pid`));
});
afterAll(() => cloud[Symbol.asyncDispose]());

async function serviceOf(name: string, from: string) {
  const template = { containers: [{ image: from }], serviceAccount: ACCOUNT };
  const asked = { template, invokerIamDisabled: true, ingress: 1 };
  return (await cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, asked)).body;
}
const say = async (url: string) => (await fetch(url)).text();

test('an image is looked for in the registry of the region that its name says', async () => {
  const { error } = await serviceOf('away', image.replace('us-central1', 'europe-west1'));
  expect(error?.message).toMatch(/Image 'europe-west1-docker.*' not found/);
});

test('a revision keeps its image when the repository goes; a new one finds none', async () => {
  const { response } = await serviceOf('users', image);
  const before = await say(response.uri);
  await cloud.done('DELETE', `/v1/${PARENT}/repositories/images`);
  await expect.poll(() => say(response.uri), { interval: 600, timeout: 20_000 }).not.toBe(before);
  expect(await say(response.uri)).toMatch(/^pid \d+$/);
  expect((await serviceOf('late', image)).error?.message).toContain('not found');
});
