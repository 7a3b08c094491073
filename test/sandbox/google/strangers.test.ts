import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../sandbox/supabase/listen.ts';
import { openSandbox } from './sandbox.ts';

const strange = ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.com'];

describe('a page that has its own name point to this machine', () => {
  it.each(strange)('gets nothing as %s, from any door', async (host) => {
    expect(await Promise.all((await doors()).map((port) => statusOf(port, host)))).toEqual([
      403, 403,
    ]);
  });
});

it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])(
  'who names this machine, as %s, gets an answer',
  async (host) => {
    const ports = await doors();
    const answers = ports.map((port) => statusOf(port, `${host}:${port}`));
    expect(await Promise.all(answers)).toEqual([200, 200]);
  },
);

/** Google's door, and one of Supabase's. */
async function doors(): Promise<readonly number[]> {
  const { door } = await openSandbox();
  const other = await listen({ fetch: () => new Response('here') });
  onTestFinished(() => other.close());
  return [door.port, other.port];
}

/** As a browser would send it: `fetch` writes the host of the address. */
function statusOf(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = '/oauth2/v3/certs';
    const sent = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });
}
