import { afterEach, describe, expect, it, vi } from 'vitest';
import { requirePrivateTransport } from '../../src/temporal/private-transport.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Whether the clouds may be worked on by a Temporal that these variables name. */
async function judged(env: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return requirePrivateTransport('/nowhere').then(
    () => 'private',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'other'),
  );
}

describe('a Temporal for the real clouds', () => {
  it.each([
    'temporal.example.com:7233',
    'temporal:7233',
    '10.0.0.7:7233',
    '192.168.1.5:7233',
    '0.0.0.0:7233',
    '[2001:db8::1]:7233',
    'localhost.example.com:7233',
    '127.0.0.1.example.com:7233',
    '128.0.0.1:7233',
  ])('at %s in plain text is refused', async (address) => {
    expect(await judged({ TEMPORAL_ADDRESS: address })).toBe('TEMPORAL_PLAINTEXT');
    expect(await judged({ TEMPORAL_ADDRESS: address, TEMPORAL_TLS: 'false' })).toBe(
      'TEMPORAL_PLAINTEXT',
    );
  });

  it.each(['127.0.0.1:7233', 'localhost:7233', 'LOCALHOST:7233', '[::1]:7233', '127.8.8.8:7233'])(
    'at %s is on this machine',
    async (address) => {
      expect(await judged({ TEMPORAL_ADDRESS: address })).toBe('private');
    },
  );

  it('is private by TLS or by an API key, which switches TLS on', async () => {
    const TEMPORAL_ADDRESS = 'temporal.example.com:7233';
    expect(await judged({ TEMPORAL_ADDRESS, TEMPORAL_TLS: 'true' })).toBe('private');
    vi.unstubAllEnvs();
    expect(await judged({ TEMPORAL_ADDRESS, TEMPORAL_API_KEY: 'key' })).toBe('private');
    vi.unstubAllEnvs();
    expect(await judged({ TEMPORAL_ADDRESS, TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'false' })).toBe(
      'TEMPORAL_PLAINTEXT',
    );
  });

  it('is no matter where there is none', async () => {
    expect(await judged({})).toBe('private');
  });
});
