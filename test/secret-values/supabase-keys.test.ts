import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { valuesFor } from '../../src/secret-values/values.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const ids = ['users-supabase', 'meals-supabase'];
let clouds: TwoClouds;
let ref = '';
let url = '';
beforeAll(async () => {
  clouds = await openTwoClouds();
  ({ ref, url } = await clouds.foreignProject());
  await clouds.makeSecrets(ids);
});
afterAll(() => clouds.close());

/** Fills both kinds of secret and answers what they hold. */
async function filled() {
  const admin = {
    host: '127.0.0.1',
    port: 1,
    user: 'postgres',
    database: 'postgres',
    password: '',
  };
  const { signal } = new AbortController();
  const fill = await valuesFor(clouds.site, { ref, admin, signal });
  await fill({ id: 'users-supabase', service: 'users', source: 'supabase' });
  await fill({ id: 'meals-supabase', service: 'meals', source: 'supabase-public' });
  const values = await Promise.all(ids.map((id) => clouds.newest(id)));
  return values.map((value): unknown => JSON.parse(value ?? ''));
}

test('of a new project services get keys of the newer kind, and no secret to sign by', async () => {
  const publishable = expect.stringMatching(/^sb_publishable_/);
  const secret = expect.stringMatching(/^sb_secret_/);
  const open = { url, anon_key: publishable };
  expect(await filled()).toEqual([{ ...open, service_role_key: secret }, open]);
});

test('of an older project they get what they always got, in the same form', async () => {
  const records = clouds.standIn.world.collection('supabase-projects', z.looseObject({}));
  const { signingKey: _key, legacyKeys: _legacy, ...record } = records.get(ref) ?? {};
  records.set(ref, { ...record, apiKeys: [] });
  const jwt = expect.stringMatching(/^eyJ/);
  const open = { url, anon_key: jwt };
  const whole = { ...open, service_role_key: jwt, jwt_secret: record['jwtSecret'] };
  expect(await filled()).toEqual([whole, open]);
});
