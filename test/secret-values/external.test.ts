import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withdrawSecrets } from '../../activities/secrets.ts';
import type { Work } from '../../activities/edge.ts';
import { backUpSecrets } from '../../src/backups/back-up-secrets.ts';
import { generatedKey } from '../../src/backups/keys.ts';
import { unsealBytes } from '../../src/backups/seal-bytes.ts';
import { readObject } from '../../src/gcp/objects.ts';
import { accessVersion, disableVersion, listVersions } from '../../src/gcp/secrets.ts';
import { predictSecrets } from '../../src/planning/predict-secrets.ts';
import {
  ensureExternal,
  externalSecrets,
  refuseWithoutValue,
  setExternal,
  withoutValue,
} from '../../src/secret-values/external.ts';
import type { Site } from '../../src/site.ts';
import { openShelf } from '../releases/release-shelf.ts';
import type { Shelf } from '../releases/release-shelf.ts';

const id = 'users-stripe-key';
const value = 'a value that nobody else has';
let shelf: Shelf;
let site: Site;
let home: string;

beforeAll(async () => {
  shelf = await openShelf();
  home = await mkdtemp(join(tmpdir(), 'windlass-external-'));
  const { users } = shelf.site.config.services;
  if (!users) throw new Error('the sample has no users');
  const services = { users: { ...users, secrets: { 'stripe-key': 'external' } } } as const;
  const config = { ...shelf.site.config, services };
  site = { ...shelf.site, config, backupKeys: generatedKey(home, 'external') };
});
afterAll(async () => {
  await shelf.close();
  await rm(home, { recursive: true, force: true });
});

const work = (): Work => ({
  ...{ site, beat: () => undefined, key: 'key', attempt: 1 },
  ...{ signal: new AbortController().signal, leave: new AbortController().signal },
});
const d = { environment: 'production', actor: 'test', approval: 'auto', runId: 'run' } as const;
const secret = { id, service: 'users', source: 'external' } as const;

test('a missing value is named with the command to type, except in a drill', async () => {
  expect(await withoutValue(site)).toEqual([secret]);
  expect((await predictSecrets(site)).missing).toEqual([id]);
  expect(() => refuseWithoutValue(site, externalSecrets(site))).toThrow(
    expect.objectContaining({
      code: 'SECRET_VALUE_MISSING',
      fix: expect.stringContaining(
        '`windlass secrets set users/stripe-key -e production < FILE`; then run',
      ),
    }),
  );
  const drill = { ...site, name: 'production-drill' };
  expect(() => refuseWithoutValue(drill, externalSecrets(site))).not.toThrow();
});

test('a value goes into a secret that is made for it, and the same one is no new version', async () => {
  expect(await setExternal(site, secret, Buffer.from(value))).toEqual({ version: 1, added: true });
  expect(await setExternal(site, secret, Buffer.from(value))).toEqual({ version: 1, added: false });
  await ensureExternal(site);
  expect(await withoutValue(site)).toEqual([]);
  expect(await predictSecrets(site)).toEqual({ versions: { [id]: '1' }, missing: [] });
});

test('a backup keeps it sealed', async () => {
  const kept = await backUpSecrets(site, 'backups/one');
  expect(kept?.ids).toEqual([id]);
  const where = { bucket: site.releaseBucket, name: kept?.object ?? '' };
  const sealed = (await readObject(site.google, where)) ?? Buffer.alloc(0);
  expect(sealed.includes(value)).toBe(false);
  const plain = unsealBytes(sealed, await site.backupKeys.current(), where.name);
  expect(JSON.parse(String(plain))).toEqual({ [id]: value });
});

test('the undo of a deploy leaves what a person gave meanwhile', async () => {
  await setExternal(site, secret, Buffer.from('a newer value'));
  await withdrawSecrets({ ...d, secretsBefore: { [id]: '1' } }, work());
  const states = (await listVersions(site.google, id)).map(({ state }) => state);
  expect(states).toEqual(['ENABLED', 'ENABLED']);
  await disableVersion(site.google, { secret: id, version: 2 });
  expect(String(await accessVersion(site.google, { secret: id, version: 1 }))).toBe(value);
});
