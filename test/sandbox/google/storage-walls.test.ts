import { expect, test } from 'vitest';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

const bucket = '/storage/v1/b/walls';

async function withBucket(names: readonly string[] = []): Promise<TestSandbox> {
  const sandbox = await openSandbox();
  const body = { name: 'walls', location: 'us-central1', versioning: { enabled: true } };
  await sandbox.call('POST', `/storage/v1/b?project=${PROJECT}`, body);
  for (const name of names) await put(sandbox, name, name);
  return sandbox;
}

async function put(sandbox: TestSandbox, name: string, text: string) {
  const path = `/upload/storage/v1/b/walls/o?uploadType=media&name=${encodeURIComponent(name)}`;
  return (await sandbox.call('POST', path, text)).body;
}

const names = (body: { items?: { name: string }[] }) => (body.items ?? []).map(({ name }) => name);

test('the links of a bucket and an object lead to the door that was asked', async () => {
  const sandbox = await withBucket(['a/b c']);
  const object = (await sandbox.call('GET', `${bucket}/o/a%2Fb%20c`)).body;
  expect((await fetch(object.mediaLink, { headers: auth(sandbox) })).status).toBe(200);
  expect((await sandbox.call('GET', new URL(object.selfLink).pathname)).body.id).toBe(object.id);
  for (const link of [object.mediaLink, object.selfLink])
    expect(new URL(link).origin).toBe(sandbox.door.url);
  const { selfLink } = (await sandbox.call('GET', bucket)).body;
  expect(selfLink).toBe(`${sandbox.door.url}${bucket}`);
  const listed = (await sandbox.call('GET', `${bucket}/o`)).body.items[0];
  expect(listed.mediaLink).toBe(object.mediaLink);
});

const auth = ({ token }: TestSandbox) => ({ authorization: `Bearer ${token}` });

test.each([`"one two"`, `'===123=='`, `plain`])(
  'a multipart upload may quote its boundary: %s',
  async (quoted) => {
    const sandbox = await withBucket();
    const boundary = quoted.replaceAll(/["']/g, '');
    const part = (type: string, text: string) =>
      `--${boundary}\r\ncontent-type: ${type}\r\n\r\n${text}\r\n`;
    const body = `${part('application/json', '{"name":"m"}')}${part('text/plain', 'hi')}--${boundary}--`;
    const url = `${sandbox.door.url}/upload/storage/v1/b/walls/o?uploadType=multipart`;
    const headers = { ...auth(sandbox), 'content-type': `multipart/related; boundary=${quoted}` };
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ name: 'm', size: '2', contentType: 'text/plain' });
  },
);

test('`versions` is a boolean in any spelling', async () => {
  const sandbox = await withBucket(['a', 'a']);
  const count = async (query: string) =>
    names((await sandbox.call('GET', `${bucket}/o?${query}`)).body).length;
  expect(await Promise.all(['versions=true', 'versions=True', ''].map(count))).toEqual([2, 2, 1]);
  expect(await count('versions=False')).toBe(1);
});

test.each(['versions=true', 'delimiter=/', ''])(
  'who deletes what a page showed still sees all the others (%s)',
  async (query) => {
    const all = ['a', 'b', 'b/1', 'b/2', 'c', 'd', 'ä'];
    const sandbox = await withBucket(all);
    const seen: string[] = [];
    let token = '';
    do {
      const path = `${bucket}/o?maxResults=2&${query}&pageToken=${token}`;
      const { body } = await sandbox.call('GET', path);
      for (const { name, generation } of body.items ?? []) {
        const one = `${bucket}/o/${encodeURIComponent(name)}?generation=${generation}`;
        await sandbox.call('DELETE', one);
        seen.push(name);
      }
      seen.push(...(body.prefixes ?? []));
      token = body.nextPageToken ?? '';
    } while (token !== '');
    const grouped = ['a', 'b', 'b/', 'c', 'd', 'ä'];
    expect(seen.sort()).toEqual((query.startsWith('delimiter') ? grouped : all).toSorted());
  },
);

test('lists of the other APIs skip nothing when what a page showed is deleted', async () => {
  const sandbox = await openSandbox();
  const parent = `/v1/projects/${PROJECT}/secrets`;
  const wanted = ['c', 'a', 'e', 'b', 'd'];
  for (const id of wanted)
    await sandbox.call('POST', `${parent}?secretId=${id}`, { replication: { automatic: {} } });
  const seen: string[] = [];
  let token = '';
  do {
    const { body } = await sandbox.call('GET', `${parent}?pageSize=2&pageToken=${token}`);
    for (const { name } of body.secrets) {
      seen.push(name.split('/').at(-1));
      await sandbox.call('DELETE', `/v1/${name}`);
    }
    token = body.nextPageToken ?? '';
  } while (token !== '');
  expect(seen.toSorted()).toEqual(wanted.toSorted());
  const { status } = await sandbox.call('GET', `${parent}?pageToken=nonsense`);
  expect(status).toBe(400);
});

test('If-Match and If-None-Match hold against the etag of an object and of a bucket', async () => {
  const sandbox = await withBucket(['a']);
  const send = async (method: string, path: string, headers: Record<string, string>) =>
    (
      await fetch(`${sandbox.door.url}${path}`, {
        ...{
          method,
          headers: { ...auth(sandbox), 'content-type': 'application/json', ...headers },
        },
        ...(method === 'PATCH' ? { body: '{}' } : {}),
      })
    ).status;
  for (const path of [`${bucket}/o/a`, bucket]) {
    const { etag } = (await sandbox.call('GET', path)).body;
    expect(await send('GET', path, { 'if-match': `"${etag}"` })).toBe(200);
    expect(await send('GET', path, { 'if-none-match': etag })).toBe(304);
    expect(await send('GET', path, { 'if-match': '"other"' })).toBe(412);
    expect(await send('PATCH', path, { 'if-match': 'other' })).toBe(412);
    expect(await send('PATCH', path, { 'if-match': etag })).toBe(200);
  }
  expect(await send('DELETE', `${bucket}/o/a`, { 'if-match': 'other' })).toBe(412);
});

test.each([
  ['*', ['a.txt', 'b.json']],
  ['**', ['a.txt', 'b.json', 'd/a.txt', 'd/e/a.txt']],
  ['**/*.txt', ['a.txt', 'd/a.txt', 'd/e/a.txt']],
  ['d/*', ['d/a.txt']],
  ['?.{txt,json}', ['a.txt', 'b.json']],
  ['[!a].*', ['b.json']],
  ['a+txt', []],
])('matchGlob=%s', async (glob, wanted) => {
  const sandbox = await withBucket(['a.txt', 'b.json', 'd/a.txt', 'd/e/a.txt']);
  const { body } = await sandbox.call('GET', `${bucket}/o?matchGlob=${encodeURIComponent(glob)}`);
  expect(names(body)).toEqual(wanted);
});

test('compose puts objects together, if their generations are those that were meant', async () => {
  const sandbox = await withBucket(['one', 'two']);
  const text = async (name: string) =>
    (
      await fetch(`${sandbox.door.url}${bucket}/o/${name}?alt=media`, { headers: auth(sandbox) })
    ).text();
  const compose = (sourceObjects: object[], destination = {}) =>
    sandbox.call('POST', `${bucket}/o/both/compose`, { sourceObjects, destination });
  const whole = (await text('one')) + (await text('two'));
  const made = await compose([{ name: 'one' }, { name: 'two' }], { contentType: 'text/plain' });
  expect(made.body).toMatchObject({ name: 'both', contentType: 'text/plain' });
  expect(await text('both')).toBe(whole);
  const stale = [{ name: 'one', objectPreconditions: { ifGenerationMatch: '1' } }];
  expect((await compose(stale)).status).toBe(412);
  expect((await compose([{ name: 'none' }])).status).toBe(404);
  expect((await compose([])).status).toBe(400);
});

test('a batch answers each of its calls, the ones that fail too', async () => {
  const sandbox = await withBucket(['a', 'b']);
  const call = (id: number, line: string) =>
    `--xx\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${line} HTTP/1.1\r\n\r\n\r\n`;
  const body = `${call(1, `DELETE ${bucket}/o/a`)}${call(2, `GET ${bucket}/o/none`)}--xx--\r\n`;
  const headers = { ...auth(sandbox), 'content-type': 'multipart/mixed; boundary="xx"' };
  const answer = await fetch(`${sandbox.door.url}/batch/storage/v1`, {
    method: 'POST',
    headers,
    body,
  });
  const text = await answer.text();
  expect(text.match(/HTTP\/1\.1 \d+|response-\d/g)).toEqual([
    ...['response-1', 'HTTP/1.1 204', 'response-2', 'HTTP/1.1 404'],
  ]);
  expect(names((await sandbox.call('GET', `${bucket}/o`)).body)).toEqual(['b']);
});

test('a bucket says how it is laid out', async () => {
  const sandbox = await withBucket();
  expect((await sandbox.call('GET', `${bucket}/storageLayout`)).body).toMatchObject({
    ...{ kind: 'storage#storageLayout', bucket: 'walls', location: 'US-CENTRAL1' },
    hierarchicalNamespace: { enabled: false },
  });
});
