import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { instancePort } from '../../../sandbox/run/instance-port.ts';

it('gives many at once a port of their own, none of which the system hands out', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => instancePort()));
  expect(new Set(ports).size).toBe(200);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

it('passes over a port that somebody listens on', async () => {
  const taken = (await instancePort()) + 1;
  const server = createServer().listen(taken, '127.0.0.1');
  await once(server, 'listening');
  try {
    expect(await instancePort()).toBeGreaterThan(taken);
  } finally {
    server.close();
  }
});
