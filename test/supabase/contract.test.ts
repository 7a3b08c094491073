import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mailServer } from '../sandbox/supabase/stand-in.ts';
import { openSupabase } from '../../sandbox/supabase/open-supabase.ts';
import type { Supabase } from '../../sandbox/supabase/open-supabase.ts';
import { openWorld } from '../../sandbox/world.ts';
import type { World } from '../../sandbox/world.ts';
import type { SupabaseAccess } from '../../src/supabase/access.ts';
import {
  adminDeleteUser,
  authSettings,
  generateLink,
  signIn,
  signUp,
  verify,
} from '../../src/supabase/auth.ts';
import { applySettings, readSettings } from '../../src/supabase/auth-settings.ts';
import { readApiSchemas, setApiSchemas } from '../../src/supabase/data-api.ts';
import { wireUser } from '../../src/postgres/wire-user.ts';
import { pooledConnection, resetPassword, runSql } from '../../src/supabase/database.ts';
import { doorOf } from '../../src/supabase/door.ts';
import type { Door } from '../../src/supabase/door.ts';
import { readJwtSecret } from '../../src/supabase/keys.ts';
import { createProject, findProject } from '../../src/supabase/project.ts';
import { waitUntilReady } from '../../src/supabase/readiness.ts';
import { probeRest } from '../../src/supabase/rest.ts';
import { enforceSsl, readSslEnforced } from '../../src/supabase/ssl.ts';

const wanted = {
  name: 'wellness-production',
  organization: 'wellness-production',
  region: 'us-east-1',
  password: 'the first password',
};
let folder = '';
let world: World;
let supabase: Supabase;
let access: SupabaseAccess;
let ref = '';
let door: Door;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windlass-supabase-'));
  world = openWorld(folder);
  supabase = await openSupabase(world, { organizations: ['wellness-production'] });
  const api = supabase.managementUrl;
  const headers = { authorization: `Bearer ${supabase.token}` };
  const projectUrl = async (of: string) => {
    const answer = await fetch(`${api}/_sandbox/projects/${of}`, { headers });
    return z.object({ url: z.string() }).parse(await answer.json()).url;
  };
  access = { api, token: async () => supabase.token, projectUrl };
  ref = (await createProject(access, wanted)).ref;
  await waitUntilReady(access, ref, { everyMs: 1000 });
  door = await doorOf(access, ref);
}, 120_000);
afterAll(async () => {
  await supabase.close();
  world.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('the project', () => {
  test('is found by its name, with the time of its creation', async () => {
    const found = await findProject(access, wanted);
    expect(found).toMatchObject({ ref, status: 'ACTIVE_HEALTHY' });
    expect(Date.now() - Date.parse(found?.createdAt ?? '')).toBeLessThan(600_000);
  });

  test('is invisible to the token of another organization', async () => {
    const stranger = { ...access, token: async () => 'sbp_unknown' };
    const finding = findProject(stranger, wanted);
    await expect(finding).rejects.toMatchObject({ code: 'SUPABASE_UNAUTHENTICATED' });
  });
});

describe('the settings', () => {
  test('change only where they differ, hold afterwards, and go back to what was read', async () => {
    const goal = { jwt_exp: 86_400, mailer_autoconfirm: false, site_url: 'https://app.test' };
    const old = await readSettings(access, { ref, fields: Object.keys(goal) });
    const first = await applySettings(access, { ref, wanted: goal });
    expect(first.map(({ field }) => field)).toContain('jwt_exp');
    expect(await applySettings(access, { ref, wanted: goal })).toEqual([]);
    expect(await readSettings(access, { ref, fields: Object.keys(goal) })).toEqual(goal);
    await applySettings(access, { ref, wanted: old });
    expect(await readSettings(access, { ref, fields: Object.keys(goal) })).toEqual(old);
    await applySettings(access, { ref, wanted: goal });
  });

  test('that were changed by half are told as a failure, and the undo mends the half', async () => {
    const goal = { uri_allow_list: 'https://half.test', password_min_length: 12 };
    const old = await readSettings(access, { ref, fields: Object.keys(goal) });
    world.faults.set('supabase', { times: 1 });
    const applying = applySettings(access, { ref, wanted: goal });
    await expect(applying).rejects.toMatchObject({ code: 'SUPABASE_INVALID', class: 'undo' });
    expect(await readSettings(access, { ref, fields: Object.keys(goal) })).not.toEqual(old);
    await applySettings(access, { ref, wanted: old });
    expect(await readSettings(access, { ref, fields: Object.keys(goal) })).toEqual(old);
  });

  test('of SSL and of the exposed schemas are set once', async () => {
    const now = await readSslEnforced(access, ref);
    expect(await enforceSsl(access, { ref, enforced: !now })).toEqual({ changed: true });
    expect(await enforceSsl(access, { ref, enforced: !now })).toEqual({ changed: false });
    await enforceSsl(access, { ref, enforced: now });
    const schemas = await readApiSchemas(access, ref);
    expect(await setApiSchemas(access, { ref, schemas })).toEqual({ changed: false });
  });
});

describe('the database', () => {
  test('answers SQL by the Management API, and names a mistake in it', async () => {
    const rows = await runSql(access, { ref, query: 'select 1 as one', readOnly: true });
    expect(rows).toEqual([{ one: 1 }]);
    expect(await runSql(access, { ref, query: 'create table t (a int)' })).toEqual([]);
    const wrong = runSql(access, { ref, query: 'selec 1' });
    await expect(wrong).rejects.toMatchObject({ code: 'SUPABASE_INVALID', class: 'undo' });
    await expect(wrong).rejects.toHaveProperty('why', expect.stringContaining('selec'));
  });

  test('is reached by the pooler with the password set last', async () => {
    await resetPassword(access, { ref, password: 'the second password' });
    const address = await pooledConnection(access, ref);
    expect(address).toMatchObject({ user: 'postgres', tenant: ref, database: 'postgres' });
    const login = async (password: string) => {
      const client = new pg.Client({ ...address, user: wireUser(address), password });
      await client.connect();
      const { rows } = await client.query('select current_user');
      await client.end();
      return rows;
    };
    expect(await login('the second password')).toEqual([{ current_user: 'postgres' }]);
    await expect(login(wanted.password)).rejects.toThrow(/password/);
  });
});

describe('the door', () => {
  const look = { schema: 'public', path: '' };
  const person = { email: 'ada@shop.dev', password: 'correct horse battery' };

  test('lets a user in only after the address was confirmed, for a whole day', async () => {
    expect(await authSettings(door)).toEqual({ autoconfirm: false, signupDisabled: false });
    await applySettings(access, { ref, wanted: mailServer });
    const { userId } = await signUp(door, person);
    const early = await signIn(door, person);
    expect(early).toEqual({ signedIn: false, status: 400, code: 'email_not_confirmed' });
    const { tokenHash } = await generateLink(door, { ...person, type: 'signup' });
    await verify(door, { token_hash: tokenHash, type: 'signup' });
    const session = await signIn(door, person);
    expect(session).toMatchObject({ signedIn: true, userId });
    const token = session.signedIn ? session.token : '';
    const claims = z
      .object({ exp: z.number(), iat: z.number() })
      .parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
    expect(claims.exp - claims.iat).toBe(86_400);
    await adminDeleteUser(door, userId);
    await adminDeleteUser(door, userId);
    expect(await signIn(door, person)).toMatchObject({ code: 'invalid_credentials' });
  });

  test('shows rows as the row policies allow, and says no to anon', async () => {
    const query = `create table public.note (id int primary key, body text);
      alter table public.note enable row level security;
      insert into public.note values (1, 'secret');
      grant select on public.note to anon, service_role;
      notify pgrst, 'reload schema';`;
    await runSql(access, { ref, query });
    const probe = { schema: 'public', path: 'note?select=body' };
    const asOwner = { ...probe, as: 'service_role' } as const;
    const rows = { status: 200, body: [{ body: 'secret' }] };
    await expect.poll(() => probeRest(door, asOwner)).toEqual(rows);
    expect(await probeRest(door, probe)).toEqual({ status: 200, body: [] });
    const hidden = await probeRest(door, { schema: 'auth', path: 'users' });
    expect(hidden.status).toBe(406);
  });

  test('is opened by keys of the newer kind, and by the legacy ones once they are on', async () => {
    expect(door).toMatchObject({ anonKey: expect.stringMatching(/^sb_publishable_/) });
    expect(door).toMatchObject({ serviceRoleKey: expect.stringMatching(/^sb_secret_/) });
    expect(await readJwtSecret(access, ref)).toBeUndefined();
    const { managementUrl, token } = supabase;
    const legacy = async (enabled: boolean): Promise<void> => {
      const url = `${managementUrl}/v1/projects/${ref}/api-keys/legacy?enabled=${enabled}`;
      await fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${token}` } });
    };
    await legacy(true);
    const older = await doorOf(access, ref);
    const secret = await readJwtSecret(access, ref);
    const [head, body, signature] = older.anonKey.split('.');
    const signed = createHmac('sha256', secret ?? '').update(`${head}.${body}`);
    expect(signature).toBe(signed.digest('base64url'));
    await expect.poll(async () => (await probeRest(older, look)).status).toBe(200);
    await legacy(false);
    await expect.poll(async () => (await probeRest(door, look)).status).toBe(200);
  });
});
