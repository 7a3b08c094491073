import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintIdToken } from '../../../sandbox/google/id-tokens.ts';
import { openWorld } from '../../../sandbox/world.ts';
import { serviceNamed } from '../../../sandbox/run/records.ts';
import { endStaleProcesses, rememberProcess } from '../../../sandbox/run/stale-processes.ts';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

const one = `${PARENT}/services/users`;
let root: string;
let cloud: Cloud;
let image: string;

const whoAmI = `fetch('http://' + env.GCE_METADATA_HOST + '/computeMetadata/v1' + request.url, {
  headers: { 'metadata-flavor': 'Google' } }).then((answer) => answer.text())`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'windlass-run-'));
  cloud = await openCloud({ idleMs: 100 }, root);
  await prepare(cloud);
  image = await pushImage(cloud, serving(`request.url === '/pid' ? process.pid : ${whoAmI}`));
});
afterAll(async () => {
  await cloud.close();
  await rm(root, { recursive: true, force: true });
});

const asked = (more = {}) => ({
  template: { containers: [{ image }], serviceAccount: ACCOUNT },
  ...more,
});
const uri = async () => (await cloud.call('GET', `/v2/${one}`)).body.uri;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && isAlive(pid); tries += 1) await sleep(20);
  return !isAlive(pid);
}

test('only an invoker with a token for this service gets in', async () => {
  const made = await cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, asked());
  expect(made.body.error).toBeUndefined();
  const url = await uri();
  const token = (audience: string) => `Bearer ${mintIdToken(cloud.world, ACCOUNT, audience)}`;
  const ask = async (headers = {}) => (await fetch(`${url}/pid`, { headers })).status;
  expect(await ask()).toBe(403);
  expect(await ask({ authorization: token(url) })).toBe(403);
  const members = [`serviceAccount:${ACCOUNT}`];
  const policy = { bindings: [{ role: 'roles/run.invoker', members }] };
  await cloud.call('POST', `/v2/${one}:setIamPolicy`, { policy });
  expect(await ask({ authorization: token('https://somewhere.else') })).toBe(401);
  expect(await ask({ authorization: 'Bearer nonsense' })).toBe(401);
  expect(await ask({ authorization: token(url) })).toBe(200);
});

test('v1 reads the policy that v2 wrote; with allUsers everybody gets in', async () => {
  const v1 = `/v1/${one}:getIamPolicy`;
  const { body } = await cloud.call('GET', v1);
  expect(body.bindings[0].role).toBe('roles/run.invoker');
  const bindings = [{ role: 'roles/run.invoker', members: ['allUsers'] }];
  await cloud.call('POST', `/v1/${one}:setIamPolicy`, { policy: { bindings, etag: body.etag } });
  expect((await fetch(`${await uri()}/pid`)).status).toBe(200);
});

test('a service learns from the metadata server who it is', async () => {
  const url = await uri();
  const ask = async (path: string) => (await fetch(`${url}${path}`)).text();
  expect(await ask('/project/project-id')).toBe('demo-prod');
  expect(await ask('/instance/service-accounts/default/email')).toBe(ACCOUNT);
  expect(await ask('/instance/service-accounts/default/token')).toContain('"access_token":"ya29.');
});

test('without a minimum the instance is stopped when idle and started by the next request', async () => {
  const url = await uri();
  const first = Number(await (await fetch(`${url}/pid`)).text());
  expect(await gone(first)).toBe(true);
  const second = Number(await (await fetch(`${url}/pid`)).text());
  expect(second).not.toBe(first);
});

test('with a minimum it stays, starts again when it dies, and outlives no server', async () => {
  const scaling = { minInstanceCount: 1 };
  await cloud.done('PATCH', `/v2/${one}?updateMask=scaling`, { scaling });
  const url = await uri();
  const first = Number(await (await fetch(`${url}/pid`)).text());
  await sleep(300);
  expect(isAlive(first)).toBe(true);
  process.kill(first, 'SIGKILL');
  expect(await gone(first)).toBe(true);
  const second = Number(await (await fetch(`${url}/pid`)).text());
  await cloud.close();
  expect(await gone(second)).toBe(true);
});

test('after a restart the same address answers again with the same revision', async () => {
  const before = serviceNamed(cloud.world, one);
  cloud = await openCloud({ idleMs: 100 }, root);
  expect(await uri()).toBe(`http://127.0.0.1:${before.port}`);
  expect((await fetch(`${await uri()}/pid`)).status).toBe(200);
  const { body } = await cloud.call('GET', `/v2/${one}`);
  expect(body.latestReadyRevision).toContain(before.latestReady);
});

test('what a killed server left running is ended, and nothing else that has its pid', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-stale-'));
  const world = openWorld(folder);
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const pid = child.pid ?? 0;
  rememberProcess(world, pid);
  expect(endStaleProcesses(world)).toBe(1);
  expect(await gone(pid)).toBe(true);
  world.close();
  await rm(folder, { recursive: true });
});
