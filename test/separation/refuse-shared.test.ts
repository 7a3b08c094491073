import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newRecord } from '../../sandbox/supabase/new-record.ts';
import { openSupabase } from '../../sandbox/supabase/open-supabase.ts';
import type { Supabase } from '../../sandbox/supabase/open-supabase.ts';
import { Organization, ProjectRecord } from '../../sandbox/supabase/record.ts';
import { siteOf } from '../../src/endpoints.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { refuseShared } from '../../src/separation/refuse-shared.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

const secrets = ['supabase-admin', 'journal-database-url'];
const names = ['production', 'staging'] as const;
const organizations = ['wellness-production', 'wellness-staging'];
let google: GoogleDoor;
let supabase: Supabase;
let root = '';

beforeAll(async () => {
  google = await openGoogle();
  supabase = await openSupabase(google.world, { organizations });
  root = await mkdtemp(join(tmpdir(), 'windlass-apart-'));
  const yaml = await readFile('windlass.yaml', 'utf8');
  await writeFile(join(root, 'windlass.yaml'), yaml);
  await cp('examples/wellness', join(root, 'examples/wellness'), {
    recursive: true,
    filter: (path) => !path.includes('.venv'),
  });
  const url = google.access.endpoints.resourceManager;
  const book = {
    ...{ version: 1, google: url, googleToken: await google.access.token() },
    ...{ supabase: supabase.managementUrl, supabaseToken: supabase.token, reattach: '{}' },
    temporal: { address: '127.0.0.1:1', ui: 'http://127.0.0.1:1', namespace: 'default' },
  };
  await writeFile(join(root, 'sandbox.json'), JSON.stringify(book));
});
afterAll(async () => {
  for (const [ref] of projects().list()) projects().delete(ref);
  await supabase.close();
  await google.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(async () => {
  for (const [ref] of projects().list()) projects().delete(ref);
});

describe('environments', () => {
  test('of which the other does not exist yet are apart', async () => {
    expect(await refusalOf('production')).toBeUndefined();
  });

  test('with projects, tokens, keys and passwords of their own are apart', async () => {
    for (const name of names) await establish(name, `${name} password`);
    expect(await refusalOf('production')).toBeUndefined();
    expect(await refusalOf('staging')).toBeUndefined();
  });

  test('that share a JWT secret are refused, and the secret is not in the refusal', async () => {
    const jwtSecret = 'one secret for both of them';
    for (const name of names)
      await establish(name, `${name} password`, { jwtSecret, legacyKeys: true });
    const refusal = await refusalOf('staging');
    expect(refusal).toMatchObject({ code: 'ENVIRONMENTS_SHARE', class: 'undo' });
    expect(refusal).toHaveProperty(
      'why',
      expect.stringContaining("the JWT secret is production's too"),
    );
    expect(said(refusal)).not.toContain(jwtSecret);
  });

  test('that share a password are refused, also where it opens something else there', async () => {
    const password = 'one-password-for-everything';
    await establish('production', password);
    await establish('staging', 'staging password');
    await put('staging', 'journal-database-url', `postgresql://j:${password}@127.0.0.1:5/postgres`);
    const refusal = await refusalOf('production');
    expect(refusal).toHaveProperty(
      'why',
      'the secret supabase-admin is the secret journal-database-url of staging',
    );
    expect(said(refusal)).not.toContain(password);
  });

  test('that are reached with one access token are refused', async () => {
    for (const name of names) await establish(name, `${name} password`);
    const organizations = google.world.collection('supabase-organizations', Organization);
    const own = organizations.get('wellness-staging');
    const token = organizations.get('wellness-production')?.token ?? '';
    organizations.set('wellness-staging', { slug: 'wellness-staging', name: 'staging', token });
    const refusal = await refusalOf('staging');
    if (own) organizations.set('wellness-staging', own);
    expect(refusal).toHaveProperty('why', "the Supabase access token is production's too");
    expect(said(refusal)).not.toContain(token);
  });
});

function site(name: string) {
  return siteOf({ root, home: root }, name);
}

async function refusalOf(name: string): Promise<unknown> {
  return refuseShared(await site(name)).then(
    () => undefined,
    (error: unknown) => error,
  );
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return JSON.stringify(error) + error.message + (error.stack ?? '');
}

function projects() {
  return google.world.collection('supabase-projects', ProjectRecord);
}

/** An environment as it stands after a deploy, as far as its own values go. */
async function establish(
  name: string,
  password: string,
  own: { readonly jwtSecret?: string; readonly legacyKeys?: boolean } = {},
): Promise<void> {
  const organization = `wellness-${name}`;
  const wanted = { name: organization, organization, region: 'us-east-1', db_pass: password };
  const record = newRecord(wanted, new Date());
  projects().set(record.ref, { ...record, ...own, status: 'ACTIVE_HEALTHY' });
  await google.call('PUT', `/_sandbox/projects/${organization}`);
  await put(name, 'supabase-admin', password);
  await put(name, 'journal-database-url', `postgresql://j:${name}-own@127.0.0.1:5/postgres`);
}

async function put(name: string, secret: string, value: string): Promise<void> {
  expect(secrets).toContain(secret);
  const path = `/v1/projects/wellness-${name}/secrets`;
  const made = { replication: { automatic: {} } };
  await google.call('POST', `${path}?secretId=${secret}`, made).catch(() => undefined);
  await ensureVersion((await site(name)).google, { secret, value, key: 'key' });
}
