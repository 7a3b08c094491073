import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

const one = `${PARENT}/services/users`;
let cloud: Cloud;
let images: { blue: string; green: string; broken: string };

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  images = {
    blue: await pushImage(cloud, serving(`'blue ' + env.K_REVISION`)),
    green: await pushImage(cloud, serving(`'green ' + env.K_REVISION`)),
    broken: await pushImage(cloud, `console.error('no DATABASE_URL'); process.exit(3);`),
  };
});
afterAll(() => cloud[Symbol.asyncDispose]());

const template = (image: string, more = {}) => ({
  containers: [{ image, ...more }],
  serviceAccount: ACCOUNT,
});
const service = async () => (await cloud.call('GET', `/v2/${one}`)).body;
const say = async (url: string) => (await fetch(url)).text();
const short = (name: string) => name.slice(name.lastIndexOf('/') + 1);

test('an unknown field is refused by name, and nothing is made', async () => {
  const asked = { template: { ...template(images.blue), colour: 'blue' } };
  const answer = await cloud.call('POST', `/v2/${PARENT}/services?serviceId=users`, asked);
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain(`Unknown name "colour" at 'service.template'`);
  expect((await cloud.call('GET', `/v2/${one}`)).status).toBe(404);
});

test('a new service runs its image, says what it is and refuses a second create', async () => {
  const asked = { template: template(images.blue), invokerIamDisabled: true, ingress: 1 };
  const made = await cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, asked);
  expect(made.body.error).toBeUndefined();
  const { response } = made.body;
  expect(response).toMatchObject({
    '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
    name: one,
    generation: '1',
    observedGeneration: '1',
    ingress: 'INGRESS_TRAFFIC_ALL',
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
  });
  expect(response.latestReadyRevision).toMatch(/revisions\/users-00001-\w{3}$/);
  expect(await say(response.uri)).toBe(`blue ${short(response.latestReadyRevision)}`);
  const again = await cloud.call('POST', `/v2/${PARENT}/services?serviceId=users`, asked);
  expect(again.status).toBe(409);
});

test('a PATCH of what is there already makes no revision; a stale etag is ABORTED', async () => {
  const before = await service();
  const { body } = await cloud.done('PATCH', `/v2/${one}`, before);
  expect(body.response.latestCreatedRevision).toBe(before.latestCreatedRevision);
  expect(body.response.generation).toBe('1');
  const stale = await cloud.call('PATCH', `/v2/${one}`, { ...before, etag: '"old"' });
  expect(stale.body.error).toMatchObject({ code: 409, status: 'ABORTED' });
});

test('a changed template makes a revision without traffic that a tag reaches', async () => {
  const before = await service();
  const [blue] = [short(before.latestReadyRevision)];
  const asked = {
    ...before,
    template: template(images.green),
    traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: blue, percent: 100 }],
  };
  const updated = await cloud.done('PATCH', `/v2/${one}`, asked);
  const green = short(updated.body.response.latestReadyRevision);
  expect(green).toMatch(/^users-00002-/);
  expect(await say(before.uri)).toBe(`blue ${blue}`);
  const traffic = [
    { type: 2, revision: blue, percent: 100 },
    { type: 2, revision: green, percent: 0, tag: 'candidate' },
  ];
  const tagged = await cloud.done('PATCH', `/v2/${one}?updateMask=traffic`, { traffic });
  const status = tagged.body.response.trafficStatuses[1];
  expect(status).toMatchObject({ tag: 'candidate', revision: green });
  expect(await say(status.uri)).toBe(`green ${green}`);
  expect(await say(before.uri)).toBe(`blue ${blue}`);
});

test('traffic that does not sum to 100 or names no revision is refused', async () => {
  const patch = (traffic: unknown) =>
    cloud.call('PATCH', `/v2/${one}?updateMask=traffic`, { traffic });
  expect((await patch([{ type: 1, percent: 90 }])).status).toBe(400);
  const missing = await patch([{ type: 2, revision: 'users-00009-abc', percent: 100 }]);
  expect(missing.body.error.message).toContain("Revision 'users-00009-abc' does not exist");
});

test('a revision that cannot start never serves, and its own last words can be read', async () => {
  const before = await service();
  const asked = {
    ...before,
    template: template(images.broken),
    traffic: [{ type: 1, percent: 100 }],
  };
  const { body } = await cloud.done('PATCH', `/v2/${one}`, asked);
  expect(body.error.code).toBe(9);
  expect(body.error.message).toMatch(/^Revision 'users-00003-\w+' is not ready and cannot serve/);
  expect(body.error.message).toContain('PORT=8080');
  const after = await service();
  expect(after.terminalCondition.state).toBe('CONDITION_FAILED');
  expect(after.latestReadyRevision).toBe(before.latestReadyRevision);
  expect(after.latestCreatedRevision).not.toBe(after.latestReadyRevision);
  expect(await say(after.uri)).toMatch(/^blue/);
  const revision = short(after.latestCreatedRevision);
  const filter = `resource.type="cloud_run_revision" AND resource.labels.revision_name="${revision}"`;
  const log = await cloud.call('POST', '/v2/entries:list', {
    ...{ resourceNames: ['projects/demo-prod'], filter, orderBy: 'timestamp desc', pageSize: 5 },
  });
  const lines = log.body.entries.map((entry: { textPayload: string }) => entry.textPayload);
  expect(lines).toContain('no DATABASE_URL');
  expect(lines).toContain('Container called exit(3).');
});

test.each([
  ['no project', { resourceNames: [] }],
  ['another filter than it knows', { filter: 'resource.labels.service_name=~"users.*"' }],
  ['a list of values without quotes', { filter: 'resource.type=(a OR b)' }],
  ['another order', { orderBy: 'severity desc' }],
])('a log is not listed for %s', async (_what, wrong) => {
  const asked = { resourceNames: ['projects/demo-prod'], ...wrong };
  expect((await cloud.call('POST', '/v2/entries:list', asked)).status).toBe(400);
});

test('the page with a log is read by whoever has its whole address, and by nobody else', async () => {
  const { body } = await cloud.call('GET', `/v2/${one}/revisions`);
  const pages: readonly string[] = body.revisions.map((found: { logUri: string }) => found.logUri);
  const [own = '', other = ''] = pages.map((page) => `${cloud.door.url}${page}`);
  expect(await (await fetch(own)).text()).toContain('Container called exit(3).');
  const bare = own.replace(/[?].*/, '');
  const foreign = `${bare}${other.slice(other.indexOf('?'))}`;
  for (const address of [bare, `${bare}?key=`, foreign])
    expect((await fetch(address)).status).toBe(401);
});

test('after a failure the traffic alone can be set right again', async () => {
  const { latestReadyRevision } = await service();
  const traffic = [{ type: 2, revision: short(latestReadyRevision), percent: 100 }];
  const { body } = await cloud.done('PATCH', `/v2/${one}?updateMask=traffic`, { traffic });
  expect(body.response.terminalCondition.state).toBe('CONDITION_SUCCEEDED');
  expect(await say(body.response.uri)).toMatch(/^green/);
});

test('only a revision that nobody needs can be deleted', async () => {
  const { body } = await cloud.call('GET', `/v2/${one}/revisions`);
  expect(body.revisions).toHaveLength(3);
  const [broken, green, blue] = body.revisions.map(({ name }: { name: string }) => name);
  expect((await cloud.call('DELETE', `/v2/${broken}`)).status).toBe(400);
  expect((await cloud.call('DELETE', `/v2/${green}`)).status).toBe(400);
  expect((await cloud.done('DELETE', `/v2/${blue}`)).body.done).toBe(true);
  expect((await cloud.call('GET', `/v2/${blue}`)).status).toBe(404);
});

test('a first revision that fails leaves its service behind', async () => {
  const asked = { template: template(images.broken) };
  const made = await cloud.done('POST', `/v2/${PARENT}/services?serviceId=agent`, asked);
  expect(made.body.error.code).toBe(9);
  const { body } = await cloud.call('GET', `/v2/${PARENT}/services/agent`);
  expect(body.latestReadyRevision).toBeUndefined();
  expect(body.terminalCondition.state).toBe('CONDITION_FAILED');
});

test('validateOnly changes nothing, allowMissing creates', async () => {
  const path = `/v2/${PARENT}/services/meals`;
  const asked = { template: template(images.blue) };
  await cloud.done('PATCH', `${path}?allowMissing=true&validateOnly=true`, asked);
  expect((await cloud.call('GET', path)).status).toBe(404);
  await cloud.done('PATCH', `${path}?allowMissing=true`, asked);
  expect((await cloud.call('GET', path)).status).toBe(200);
  await cloud.done('DELETE', path);
  expect((await cloud.call('GET', path)).status).toBe(404);
});

test.each([
  ['3 vCPU', { limits: { cpu: '3' } }, /Must be equal to one of/],
  ['8 GiB with 1 vCPU', { limits: { cpu: '1', memory: '8Gi' } }, /between 128Mi and 4096Mi/],
  ['no memory', { limits: { memory: '0Mi' } }, /between 128Mi/],
  ['half a vCPU for 80 requests', { limits: { cpu: '500m' } }, /concurrency > 1/],
])('refuses %s in Cloud Run’s words', async (_what, resources, says) => {
  const made = template(images.blue);
  const [container] = made.containers;
  const asked = { template: { ...made, containers: [{ ...container, resources }] } };
  const { status, body } = await cloud.call('POST', `/v2/${PARENT}/services?serviceId=odd`, asked);
  expect({ status, message: body.error?.message }).toMatchObject({
    status: 400,
    message: expect.stringMatching(says),
  });
});

test('refuses a variable that Cloud Run sets itself', async () => {
  const made = template(images.blue);
  const [container] = made.containers;
  const env = [{ name: 'PORT', value: '80' }];
  const asked = { template: { ...made, containers: [{ ...container, env }] } };
  const { status, body } = await cloud.call('POST', `/v2/${PARENT}/services?serviceId=odd`, asked);
  expect(status).toBe(400);
  expect(body.error.message).toContain('reserved env names were provided: PORT');
});
