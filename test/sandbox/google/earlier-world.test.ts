import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { expect, test } from 'vitest';
import { extract } from 'tar';
import { openSandbox, tempFolder, type TestSandbox } from './sandbox.ts';

const P = '/v1/projects/wellness-production';
const ACCOUNT =
  '/v1/projects/-/serviceAccounts/run-habits@wellness-production.iam.gserviceaccount.com';
const scope = ['https://www.googleapis.com/auth/cloud-platform'];

/** Google's part of the world that 457c515 left, with the walls as today's start declares them. */
async function openEarlier(): Promise<TestSandbox> {
  const folder = tempFolder();
  const archive = join(import.meta.dirname, '../../worlds/457c515/world.tar.zst');
  const records = (path: string) => /\/\.windlass\/world\/[^/]+\.json$/.test(path);
  const unpack = extract({ cwd: folder, strip: 2, preserveOwner: false, filter: records });
  await pipeline(createReadStream(archive), createZstdDecompress(), unpack);
  const sandbox = await openSandbox(folder, { walls: true });
  await sandbox.call('PUT', '/_sandbox/walls', {});
  return sandbox;
}

test('an earlier world keeps what its projects and its owner could do, also once another project is made', async () => {
  const sandbox = await openEarlier();
  await sandbox.call('PUT', '/_sandbox/projects/wellness-another');
  expect((await sandbox.call('GET', '/_sandbox/walls')).body).toEqual({});
  for (const path of [`${P}/secrets`, `${P}/locations/us-central1/builds`, `${P}/topics`])
    expect((await sandbox.call('GET', path)).status, path).toBe(200);
  const made = await sandbox.call('POST', `${ACCOUNT}:generateAccessToken`, { scope });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
});

test('an API that somebody switches off in it is off', async () => {
  const sandbox = await openEarlier();
  await sandbox.call('POST', `${P}/services/secretmanager.googleapis.com:disable`, {});
  expect((await sandbox.call('GET', `${P}/secrets`)).status).toBe(403);
  await sandbox.call('POST', `${P}/services/secretmanager.googleapis.com:enable`, {});
  expect((await sandbox.call('GET', `${P}/secrets`)).status).toBe(200);
});
