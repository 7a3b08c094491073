import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { everythingAt } from '../../src/gcp/access.ts';
import { acknowledge, pull } from '../../src/gcp/pubsub.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const topic = `projects/${project}/topics/budget`;
const wanted = { subscription: 'budget', most: 10, patienceMs: 5000 };
let door: GoogleDoor;

beforeAll(async () => {
  door = await openGoogle();
});
afterAll(() => door.close());

test('a subscription that is not there is a Failure that says so', async () => {
  await expect(pull(door.access, wanted)).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND' });
});

test('messages are leased, read as text, and gone once they are acknowledged', async () => {
  await door.call('PUT', `/v1/${topic}`, {});
  await door.call('PUT', `/v1/projects/${project}/subscriptions/budget`, { topic });
  expect(await pull(door.access, wanted)).toEqual([]);
  const data = Buffer.from('{"spent":"7 €"}').toString('base64');
  await door.call('POST', `/v1/${topic}:publish`, { messages: [{ data }] });
  const received = await pull(door.access, wanted);
  expect(received.map(({ text }) => text)).toEqual(['{"spent":"7 €"}']);
  const done = { subscription: 'budget', ackIds: received.map(({ ackId }) => ackId) };
  await acknowledge(door.access, done);
  await acknowledge(door.access, done);
  expect(door.world.collection('pubsub-messages', z.unknown()).list()).toEqual([]);
});

test('nothing is acknowledged without a call', async () => {
  const nobody = everythingAt('http://127.0.0.1:1', { ...door.access });
  await expect(
    acknowledge(nobody, { subscription: 'budget', ackIds: [] }),
  ).resolves.toBeUndefined();
});

test('a Google that waits for a first message longer than we do has none', async () => {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const access = everythingAt(`http://127.0.0.1:${port}`, { ...door.access });
  expect(await pull(access, { ...wanted, patienceMs: 50 })).toEqual([]);
  server.closeAllConnections();
  server.close();
});
