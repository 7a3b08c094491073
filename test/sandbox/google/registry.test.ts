import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { importImage } from '../../../sandbox/google/registry.ts';
import { openSandbox, PROJECT, tempFolder, type TestSandbox } from './sandbox.ts';

const BASE = `/v2/${PROJECT}/wellness/meals`;
const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function withRepository(): Promise<TestSandbox> {
  const sandbox = await openSandbox();
  const parent = `/v1/projects/${PROJECT}/locations/us-central1/repositories`;
  const made = await sandbox.call('POST', `${parent}?repository_id=wellness`, { format: 'DOCKER' });
  const polled = await sandbox.call('GET', `/v1/${made.body.name}`);
  expect(polled.body).toMatchObject({ done: true, response: { format: 'DOCKER' } });
  return sandbox;
}

function send(sandbox: TestSandbox, method: string, path: string, bytes: Buffer) {
  const manifest = path.includes('/manifests/');
  const type = manifest ? 'application/vnd.oci.image.manifest.v1+json' : 'application/octet-stream';
  const headers = { authorization: `Bearer ${sandbox.token}`, 'content-type': type };
  const url = new URL(path, sandbox.door.url);
  return fetch(url, { method, headers, body: new Uint8Array(bytes) });
}

async function layer(): Promise<Buffer> {
  const folder = tempFolder();
  writeFileSync(join(folder, 'app.py'), 'print("hi")\n');
  const file = join(folder, 'layer.tar');
  await create({ file, cwd: folder, portable: true }, ['app.py']);
  return gzipSync(readFileSync(file));
}

async function push(sandbox: TestSandbox): Promise<string> {
  const bytes = await layer();
  const start = await send(sandbox, 'POST', `${BASE}/blobs/uploads/`, Buffer.alloc(0));
  expect(start.status).toBe(202);
  const at = String(start.headers.get('location'));
  const half = bytes.length >> 1;
  expect((await send(sandbox, 'PATCH', at, bytes.subarray(0, half))).status).toBe(202);
  const end = `${at}?digest=${digestOf(bytes)}`;
  expect((await send(sandbox, 'PUT', end, bytes.subarray(half))).status).toBe(201);
  const config = Buffer.from(JSON.stringify({ config: { Cmd: ['python', 'app.py'] } }));
  const whole = `${BASE}/blobs/uploads/?digest=${digestOf(config)}`;
  expect((await send(sandbox, 'POST', whole, config)).status).toBe(201);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: 'c', digest: digestOf(config), size: config.length },
      layers: [{ mediaType: 'l', digest: digestOf(bytes), size: bytes.length }],
    }),
  );
  const put = await send(sandbox, 'PUT', `${BASE}/manifests/v1`, manifest);
  expect(put.status).toBe(201);
  return digestOf(manifest);
}

test('a pushed image is found by tag and digest and unpacked once', async () => {
  const sandbox = await withRepository();
  const digest = await push(sandbox);
  for (const reference of ['v1', digest]) {
    const answer = await sandbox.call('GET', `${BASE}/manifests/${reference}`);
    expect(answer.headers.get('docker-content-digest')).toBe(digest);
    const head = await sandbox.call('HEAD', `${BASE}/manifests/${reference}`);
    expect(head).toMatchObject({ status: 200, body: '' });
  }
  const ref = `us-central1-docker.pkg.dev/${PROJECT}/wellness/meals@${digest}`;
  const [one, two] = await Promise.all([
    importImage(sandbox.world, ref),
    importImage(sandbox.world, ref),
  ]);
  expect(one).toMatchObject({ command: ['python', 'app.py'], folder: two.folder });
  expect(readFileSync(join(one.folder, 'app.py'), 'utf8')).toBe('print("hi")\n');
});

test('an image that nobody pushed, or whose blobs are missing, is refused', async () => {
  const sandbox = await withRepository();
  const ref = `us-central1-docker.pkg.dev/${PROJECT}/wellness/meals@sha256:${'0'.repeat(64)}`;
  await expect(importImage(sandbox.world, ref)).rejects.toMatchObject({ status: 'NOT_FOUND' });
  const missing = { mediaType: 'c', digest: `sha256:${'1'.repeat(64)}`, size: 1 };
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: missing, layers: [] }));
  const put = await send(sandbox, 'PUT', `${BASE}/manifests/v1`, manifest);
  expect(await put.json()).toMatchObject({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] });
  const wrong = `${BASE}/blobs/uploads/?digest=${missing.digest}`;
  expect((await send(sandbox, 'POST', wrong, Buffer.from('x'))).status).toBe(400);
});

test('a repository that was not created takes no image', async () => {
  const sandbox = await openSandbox();
  const answer = await sandbox.call('POST', `${BASE}/blobs/uploads/`, {});
  expect(answer).toMatchObject({ status: 404, body: { errors: [{ code: 'NAME_UNKNOWN' }] } });
});

const bare = (sandbox: TestSandbox, path: string, authorization?: string, method = 'GET') =>
  fetch(`${sandbox.door.url}${path}`, {
    ...{ method, headers: authorization === undefined ? {} : { authorization } },
  });

test('who shows no token is told where to get one, and gets it by Basic oauth2accesstoken', async () => {
  const sandbox = await withRepository();
  await push(sandbox);
  for (const path of ['/v2/', `${BASE}/manifests/v1`]) {
    const refused = await bare(sandbox, path);
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    const [, realm = '', service] = /^Bearer realm="(.+?)",service="(.+?)"/.exec(challenge) ?? [];
    expect(new URL(realm).host).toBe(service);
    const basic = `Basic ${btoa(`oauth2accesstoken:${sandbox.token}`)}`;
    const given = await fetch(`${realm}?service=${service}`, { headers: { authorization: basic } });
    const { token } = z.object({ token: z.string() }).parse(await given.json());
    expect((await bare(sandbox, path, `Bearer ${token}`)).status).toBe(200);
    expect((await bare(sandbox, path, basic)).status).toBe(200);
    for (const wrong of ['Basic !', `Basic ${btoa(`me:${sandbox.token}`)}`, 'Bearer other'])
      expect((await bare(sandbox, path, wrong)).status).toBe(401);
  }
  expect((await bare(sandbox, '/v2/token')).status).toBe(401);
});

const INDEX = 'application/vnd.oci.image.index.v1+json';

async function pushIndex(sandbox: TestSandbox, architecture: string): Promise<string> {
  const digest = await push(sandbox);
  const [size, platform] = [1, { os: 'linux', architecture }];
  const manifests = [{ mediaType: 'm', digest, size, platform }];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const headers = { authorization: `Bearer ${sandbox.token}`, 'content-type': INDEX };
  const url = `${sandbox.door.url}${BASE}/manifests/all`;
  const put = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  expect(put.status).toBe(201);
  return digestOf(bytes);
}

const reference = (digest: string) =>
  `us-central1-docker.pkg.dev/${PROJECT}/wellness/meals@${digest}`;

test('an index is pushed, pulled, listed and run by its image for linux/amd64', async () => {
  const sandbox = await withRepository();
  const digest = await pushIndex(sandbox, 'amd64');
  const pulled = await sandbox.call('GET', `${BASE}/manifests/all`);
  expect(pulled.headers.get('content-type')).toBe(INDEX);
  expect((await sandbox.call('GET', `${BASE}/tags/list`)).body.tags).toEqual(['all', 'v1']);
  const repository = `/v1/projects/${PROJECT}/locations/us-central1/repositories/wellness`;
  const { dockerImages } = (await sandbox.call('GET', `${repository}/dockerImages`)).body;
  expect(dockerImages.map(({ tags }: { tags: string[] }) => tags)).toEqual([['v1'], ['all']]);
  expect((await sandbox.call('GET', `${repository}/packages`)).body.packages).toHaveLength(1);
  const image = await importImage(sandbox.world, reference(digest));
  expect(image.command).toEqual(['python', 'app.py']);
});

test('an index without linux/amd64 does not run on Cloud Run', async () => {
  const sandbox = await withRepository();
  const digest = await pushIndex(sandbox, 'arm64');
  await expect(importImage(sandbox.world, reference(digest))).rejects.toMatchObject({
    message: `Container manifest type '${INDEX}' must support amd64/linux.`,
  });
});

test('an index of what nobody pushed is refused', async () => {
  const sandbox = await withRepository();
  const manifests = [{ mediaType: 'm', digest: `sha256:${'2'.repeat(64)}`, size: 1 }];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  const put = await send(sandbox, 'PUT', `${BASE}/manifests/v1`, bytes);
  expect(await put.json()).toMatchObject({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] });
});

test('a tag goes alone, a manifest with its tags', async () => {
  const sandbox = await withRepository();
  const digest = await push(sandbox);
  const manifest = (await sandbox.call('GET', `${BASE}/manifests/v1`)).body;
  await send(sandbox, 'PUT', `${BASE}/manifests/v2`, Buffer.from(JSON.stringify(manifest)));
  const status = async (method: string, name: string) =>
    (await sandbox.call(method, `${BASE}/manifests/${name}`)).status;
  expect(await status('DELETE', 'v1')).toBe(202);
  expect([await status('GET', 'v1'), await status('GET', digest)]).toEqual([404, 200]);
  expect(await status('DELETE', digest)).toBe(202);
  expect([await status('GET', digest), await status('GET', 'v2')]).toEqual([404, 404]);
  expect(await status('DELETE', digest)).toBe(404);
});

test('a repository is made by repositoryId, listed in any location, and a change answers it', async () => {
  const sandbox = await openSandbox();
  const parent = `/v1/projects/${PROJECT}/locations`;
  const all = `${parent}/europe-west1/repositories`;
  await sandbox.call('POST', `${all}?repositoryId=camel`, { format: 'DOCKER' });
  const { body } = await sandbox.call('PATCH', `${all}/camel?updateMask=description`, {
    description: 'changed',
  });
  expect(body).toMatchObject({ name: `${all}/camel`.slice('/v1/'.length), description: 'changed' });
  const listed = await sandbox.call('GET', `${parent}/-/repositories`);
  expect(listed.body.repositories).toHaveLength(1);
});
