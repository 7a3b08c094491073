import { createHash } from 'node:crypto';
import { type Bucket, Storage } from '@google-cloud/storage';
import { OAuth2Client } from 'google-auth-library';
import { expect, test } from 'vitest';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

async function openBucket(): Promise<{ sandbox: TestSandbox; bucket: Bucket }> {
  const sandbox = await openSandbox();
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: sandbox.token, expiry_date: Date.now() + 3_600_000 });
  const storage = new Storage({
    apiEndpoint: sandbox.door.url,
    projectId: PROJECT,
    authClient,
    useAuthWithCustomEndpoint: true,
    retryOptions: { autoRetry: false },
  });
  const [bucket] = await storage.createBucket('test-state', {
    location: 'us-central1',
    versioning: { enabled: true },
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: true },
      publicAccessPrevention: 'enforced',
    },
  });
  return { sandbox, bucket };
}

test('a bucket keeps its settings and cannot be made twice', async () => {
  const { bucket } = await openBucket();
  const [metadata] = await bucket.getMetadata();
  expect(metadata).toMatchObject({
    location: 'US-CENTRAL1',
    versioning: { enabled: true },
    iamConfiguration: { publicAccessPrevention: 'enforced' },
  });
  await expect(bucket.create()).rejects.toMatchObject({ code: 409 });
  await bucket.setLabels({ one: '1' });
  await bucket.deleteLabels('one');
  expect((await bucket.getMetadata())[0].labels ?? {}).toEqual({});
});

test('a write-once object is refused the second time', async () => {
  const { bucket } = await openBucket();
  const file = bucket.file('backup');
  const once = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } };
  const [uri] = await file.createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } });
  await file.save('first', once);
  await expect(file.save('second', once)).rejects.toMatchObject({ code: 412 });
  await expect(
    file.createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } }),
  ).rejects.toMatchObject({ code: 412 });
  await expect(file.save('third', { resumable: true, uri })).rejects.toThrow(/pre-conditions/);
  expect((await file.download()).toString()).toBe('first');
});

test.each([
  ['at once', { resumable: false }],
  ['as a stream', { resumable: true }],
  ['in chunks', { resumable: true, chunkSize: 256 * 1024 }],
])('bytes sent %s come back with their sums', async (_how, options) => {
  const { bucket } = await openBucket();
  const bytes = Buffer.alloc(700_000, 'abcdefg');
  const file = bucket.file('dir/ä b:c');
  // The client sends no token with a resumable upload of its own to an endpoint that is not Google's.
  const session = options.resumable ? { uri: (await file.createResumableUpload())[0] } : {};
  await file.save(bytes, { ...options, ...session, validation: 'crc32c' });
  const [metadata] = await file.getMetadata();
  expect(metadata.md5Hash).toBe(createHash('md5').update(bytes).digest('base64'));
  expect(metadata).toMatchObject({ size: '700000', name: 'dir/ä b:c' });
  expect((await file.download({ validation: 'crc32c' }))[0].equals(bytes)).toBe(true);
  expect((await file.download({ start: 1, end: 3 }))[0].toString()).toBe('bcd');
});

test('every generation of a versioned object can be listed and read', async () => {
  const { bucket } = await openBucket();
  for (const text of ['one', 'two', 'three'])
    await bucket.file('o').save(text, { resumable: false });
  await bucket.file('o').delete();
  const [live] = await bucket.getFiles();
  expect(live).toEqual([]);
  const [all] = await bucket.getFiles({ versions: true });
  const generations = all.map((file) => Number(file.metadata.generation));
  expect(generations).toEqual([...generations].sort((a, b) => a - b));
  expect(new Set(generations).size).toBe(3);
  const texts = await Promise.all(
    generations.map(async (generation) =>
      (await bucket.file('o', { generation }).download()).toString(),
    ),
  );
  expect(texts).toEqual(['one', 'two', 'three']);
});

test('a stale generation deletes, copies and changes nothing', async () => {
  const { bucket } = await openBucket();
  const file = bucket.file('o');
  await file.save('one', { resumable: false });
  const stale = Number((await file.getMetadata())[0].generation);
  await file.save('two', { resumable: false });
  await expect(file.delete({ ifGenerationMatch: stale })).rejects.toMatchObject({ code: 412 });
  await expect(
    file.setMetadata({ metadata: { a: 'b' } }, { ifGenerationMatch: stale }),
  ).rejects.toMatchObject({ code: 412 });
  await expect(
    file.copy(bucket.file('o'), { preconditionOpts: { ifGenerationMatch: stale } }),
  ).rejects.toMatchObject({ code: 412 });
  expect((await file.download()).toString()).toBe('two');
  await file.copy(bucket.file('p'), { preconditionOpts: { ifGenerationMatch: 0 } });
  expect((await bucket.file('p').download()).toString()).toBe('two');
});

test('metadata has a metageneration of its own', async () => {
  const { bucket } = await openBucket();
  const file = bucket.file('o');
  await file.save('one', { resumable: false });
  await file.setMetadata({ metadata: { a: '1', b: '2' } });
  await file.setMetadata({ metadata: { a: null } }, { ifMetagenerationMatch: 2 });
  const [metadata] = await file.getMetadata();
  expect(metadata).toMatchObject({ metageneration: '3', metadata: { b: '2' } });
  await expect(file.delete({ ifMetagenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
});

test('folders are told by prefix and delimiter, and pages follow each other', async () => {
  const { bucket } = await openBucket();
  for (const name of ['a/1', 'a/2', 'b/1', 'c'])
    await bucket.file(name).save('x', { resumable: false });
  const [files, , answer] = await bucket.getFiles({ delimiter: '/', autoPaginate: false });
  expect(files.map(({ name }) => name)).toEqual(['c']);
  expect(answer).toMatchObject({ prefixes: ['a/', 'b/'] });
  const page = { maxResults: 1, prefix: 'a/', autoPaginate: false };
  const [first, next] = await bucket.getFiles(page);
  const [second, none] = await bucket.getFiles({ ...page, ...next });
  expect([...first, ...second].map(({ name }) => name)).toEqual(['a/1', 'a/2']);
  expect(none).toBeNull();
});

test('a bucket with any generation left cannot be deleted', async () => {
  const { bucket } = await openBucket();
  await bucket.file('o').save('x', { resumable: false });
  await bucket.file('o').delete();
  await expect(bucket.delete()).rejects.toMatchObject({ code: 409 });
  await bucket.deleteFiles({ versions: true });
  await bucket.delete();
  expect((await bucket.exists())[0]).toBe(false);
});

test('a public member is refused where public access is prevented', async () => {
  const { bucket } = await openBucket();
  const [policy] = await bucket.iam.getPolicy({ requestedPolicyVersion: 3 });
  policy.bindings.push({ role: 'roles/storage.objectViewer', members: ['allUsers'] });
  await expect(bucket.iam.setPolicy(policy)).rejects.toMatchObject({ code: 412 });
});
