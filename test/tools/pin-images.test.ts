import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf, pinned, taggedImages } from '../../tools/pin-images.ts';

const digest = `sha256:${'c'.repeat(64)}`;
let server: Server;
let registry: string;

/** A registry that wants a token first, as Docker's does. */
beforeAll(async () => {
  server = createServer(({ url = '', headers, method }, response) => {
    if (url.startsWith('/token?service=here&scope=repository%3A'))
      return response.end(JSON.stringify({ token: 'read-only' }));
    const scope = `scope="repository:${url.split('/').slice(2, -2).join('/')}:pull"`;
    if (headers.authorization !== 'Bearer read-only')
      return response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${registry}/token",service="here",${scope}`,
        })
        .end();
    const known = url === '/v2/library/postgres/manifests/17' && method === 'HEAD';
    return known
      ? response.writeHead(200, { 'docker-content-digest': digest }).end()
      : response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  registry = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(() => void server.close());

it('finds every image that has a tag alone, and leaves the one that is built here', async () => {
  const compose = taggedImages(await readFile('docker-compose.yml', 'utf8'));
  const dockerfile = taggedImages(await readFile('Dockerfile', 'utf8'));
  const names = [...compose, ...dockerfile].map(({ name }) => name);
  const known = [
    ...['postgres', 'temporalio/admin-tools', 'temporalio/server', 'temporalio/ui'],
    ...['hashicorp/terraform', 'node'],
  ];
  expect(known).toEqual(expect.arrayContaining(names));
  expect(names).not.toContain('windlass-worker');
});

it('asks the registry, with the token that it wants', async () => {
  expect(await digestOf({ name: 'postgres', tag: '17' }, registry)).toBe(digest);
});

it('makes no digest up where the registry knows none', async () => {
  await expect(digestOf({ name: 'postgres', tag: '18' }, registry)).rejects.toThrow(/answers 404/);
});

it('writes the digest behind the tag, once', () => {
  const text = 'FROM node:24.21.0-bookworm-slim\n    image: postgres:17\n    image: other:1\n';
  const digests = new Map([
    ['postgres:17', digest],
    ['node:24.21.0-bookworm-slim', digest],
  ]);
  const once = pinned(text, digests);
  expect(once).toBe(
    `FROM node:24.21.0-bookworm-slim@${digest}\n    image: postgres:17@${digest}\n    image: other:1\n`,
  );
  expect(pinned(once, digests)).toBe(once);
  expect(taggedImages(once)).toEqual([{ name: 'other', tag: '1' }]);
});
