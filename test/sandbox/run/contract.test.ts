import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

let cloud: Cloud;
let image: string;

beforeAll(async () => {
  cloud = await openCloud({ patienceMs: 0 });
  await prepare(cloud);
  image = await pushImage(
    cloud,
    serving(`request.url === '/slow' ? new Promise(() => {}) : process.argv.slice(2).join(' ')`),
  );
});
afterAll(() => cloud[Symbol.asyncDispose]());

/** Creates a service that everybody may call; the operation's answer. */
async function made(name: string, container: object, template = {}, service = {}) {
  const containers = [{ image, ...container }];
  return cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, {
    ...{ template: { containers, serviceAccount: ACCOUNT, ...template } },
    ...{ invokerIamDisabled: true, ...service },
  });
}

test('a request that takes longer than the timeout gets 504 from Google’s front end', async () => {
  const { body } = await made('slow', {}, { timeout: '1s' });
  const answer = await fetch(`${body.response.uri}/slow`);
  expect([answer.status, await answer.text()]).toEqual([504, 'upstream request timeout']);
  expect((await fetch(body.response.uri)).status).toBe(200);
});

test('what does not serve within the tries of its start-up probe fails the revision', async () => {
  const late = `setTimeout(() => require('node:http').createServer().listen(8080), 60000)`;
  const started = await made('late', {
    command: ['node', '-e', late],
    startupProbe: {
      ...{ periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 1 },
      httpGet: { path: '/' },
    },
  });
  expect(started.body.error.message).toContain('failed the configured startup probe checks');
});

test('`args` stand in the place of CMD, and `command` in that of ENTRYPOINT and of CMD', async () => {
  const words = ['service.mjs', '--port', '8080', 'more'];
  const argued = await made('argued', { args: ['node', ...words] });
  const commanded = await made('commanded', { command: ['node'], args: words });
  for (const { body } of [argued, commanded])
    expect(await (await fetch(body.response.uri)).text()).toMatch(/^--port \d+ more$/);
});

test.each(['INGRESS_TRAFFIC_INTERNAL_ONLY', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'])(
  'with %s Google answers 404 to whoever comes from outside, the project’s own accounts too',
  async (ingress) => {
    const name = ingress.toLowerCase().replaceAll('_', '-').slice(-12);
    const { body } = await made(`in${name}`, {}, {}, { ingress });
    const path = `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateIdToken`;
    const { token } = (await cloud.call('POST', path, { audience: body.response.uri })).body;
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(body.response.uri)).status).toBe(404);
    expect((await fetch(body.response.uri, { headers })).status).toBe(404);
  },
);

test.each([
  ['five minutes', { periodSeconds: 10, failureThreshold: 30 }, /not be greater than 240/],
  ['a try longer than its period', { periodSeconds: 2, timeoutSeconds: 3 }, /period_seconds/],
])('a start-up probe of %s is refused', async (_what, startupProbe, says) => {
  const { status, body } = await made('odd', { startupProbe });
  expect({ status, message: body.error?.message }).toMatchObject({
    status: 400,
    message: expect.stringMatching(says),
  });
});
