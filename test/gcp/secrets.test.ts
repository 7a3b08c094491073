import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import {
  accessVersion,
  disableVersion,
  enableVersion,
  listVersions,
  newestEnabled,
} from '../../src/gcp/secrets.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

let door: GoogleDoor;
beforeAll(async () => {
  door = await openGoogle();
});
afterAll(() => door.close());

async function made(secret: string): Promise<string> {
  const path = `/v1/projects/${project}/secrets?secretId=${secret}`;
  await door.call('POST', path, { replication: { automatic: {} }, annotations: { owner: 'us' } });
  return secret;
}

describe('a secret', () => {
  test('gets a version only when its value is a new one', async () => {
    const secret = await made('habits-database');
    const key = 'key of the environment';
    const one = { secret, value: 'postgres://one', key };
    const two = { secret, value: 'postgres://two', key };
    expect(await newestEnabled(door.access, secret)).toBeUndefined();
    expect(await ensureVersion(door.access, one)).toEqual({ version: 1, added: true });
    expect(await ensureVersion(door.access, one)).toEqual({ version: 1, added: false });
    expect(await ensureVersion(door.access, two)).toEqual({ version: 2, added: true });
    expect(await ensureVersion(door.access, one)).toEqual({ version: 3, added: true });
    const newest = await accessVersion(door.access, { secret, version: 'latest' });
    expect(newest.toString()).toBe('postgres://one');
  });

  test('says nothing of its value in its annotations, and keeps those of others', async () => {
    const secret = await made('users-supabase');
    await ensureVersion(door.access, { secret, value: 'hunter2', key: 'k' });
    const shown = JSON.stringify(
      await door.call('GET', `/v1/projects/${project}/secrets/${secret}`),
    );
    expect(shown).toContain('"owner":"us"');
    expect(shown).not.toContain('hunter2');
  });

  test('whose run ended between adding and marking gets the mark and no second version', async () => {
    const secret = await made('meals-token');
    const data = Buffer.from('value').toString('base64');
    const path = `/v1/projects/${project}/secrets/${secret}:addVersion`;
    await door.call('POST', path, { payload: { data } });
    const wanted = { secret, value: 'value', key: 'k' };
    expect(await ensureVersion(door.access, wanted)).toEqual({ version: 1, added: false });
    expect(await ensureVersion(door.access, wanted)).toEqual({ version: 1, added: false });
    expect(await listVersions(door.access, secret)).toHaveLength(1);
  });

  test('gives the newest version that is enabled, and a disabled one comes back', async () => {
    const secret = await made('journal-database');
    for (const value of ['a', 'b']) await ensureVersion(door.access, { secret, value, key: 'k' });
    await disableVersion(door.access, { secret, version: 2 });
    await disableVersion(door.access, { secret, version: 2 });
    expect(await newestEnabled(door.access, secret)).toBe(1);
    expect(await listVersions(door.access, secret)).toEqual([
      { number: 2, state: 'DISABLED' },
      { number: 1, state: 'ENABLED' },
    ]);
    const reading = accessVersion(door.access, { secret, version: 2 });
    await expect(reading).rejects.toMatchObject({ code: 'GOOGLE_INVALID' });
    await enableVersion(door.access, { secret, version: 2 });
    expect(await newestEnabled(door.access, secret)).toBe(2);
  });

  test('that does not exist is named in a failure that calls for the undo', async () => {
    const reading = listVersions(door.access, 'none');
    await expect(reading).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND', class: 'undo' });
  });
});
