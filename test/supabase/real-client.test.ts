import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { rules } from '../../src/row-security/rules.ts';
import { healthy, openStandIn, readyProject } from '../sandbox/supabase/stand-in.ts';
import type { ReadyProject, StandIn } from '../sandbox/supabase/stand-in.ts';
import { clientAt, supabaseCli } from './supabase-cli.ts';

const binary = await supabaseCli();
let standIn: StandIn;
let project: ReadyProject;
let supabase: Awaited<ReturnType<typeof clientAt>>;
let remote = '';
let database = '';
const Named = z.object({ name: z.string() });
// The client is a program of 141 MB, and each call starts it anew.
const patience = { timeout: 240_000 };

describe.skipIf(binary === undefined)('Supabase’s own command line', patience, () => {
  beforeAll(async () => {
    standIn = await openStandIn();
    project = await readyProject(standIn.api);
    const { managementUrl: api, token } = standIn.supabase;
    const home = join(standIn.folder, 'home');
    supabase = await clientAt(binary ?? '', { home, api, token });
    remote = `--remote=${project.ref}`;
    const { host, port } = project.db;
    const tls = `sslmode=verify-full&sslrootcert=${standIn.supabase.databaseCa}`;
    const url = `postgresql://postgres:owner-password@${host}:${port}/postgres?${tls}`;
    database = `--remote=${url}`;
    await supabase('init', '--yes');
    const migrations = join(home, 'supabase', 'migrations');
    await mkdir(migrations, { recursive: true });
    await writeFile(join(migrations, '20260101000000_one.sql'), 'create schema pushed;');
  }, 240_000);
  afterAll(() => standIn[Symbol.asyncDispose]());

  test('lists the project and links to it', async () => {
    const listed = z
      .array(z.object({ ref: z.string(), name: z.string(), status: z.string() }))
      .parse(JSON.parse(await supabase('projects', 'list', '-o', 'json')));
    expect(listed).toEqual([
      expect.objectContaining({ ref: project.ref, status: 'ACTIVE_HEALTHY' }),
    ]);
    await supabase('link', '--project-ref', project.ref, '--skip-pooler');
  });

  test('reads keys, SSL enforcement and network restrictions as they were set', async () => {
    const path = `/v1/projects/${project.ref}`;
    await standIn.api('PUT', `${path}/ssl-enforcement`, { requestedConfig: { database: true } });
    await healthy(standIn.api, project.ref); // the change restarts the database
    const ranges = { dbAllowedCidrs: ['127.0.0.0/8'], dbAllowedCidrsV6: [] };
    await standIn.api('POST', `${path}/network-restrictions/apply`, ranges);
    const json = ['-o', 'json', remote];
    const read = async (...args: string[]) => JSON.parse(await supabase(...args, ...json));
    const [keys, ssl, network] = await Promise.all([
      read('projects', 'api-keys'),
      read('--experimental', 'ssl-enforcement', 'get'),
      read('--experimental', 'network-restrictions', 'get'),
    ]);
    expect(
      z
        .array(Named)
        .parse(keys)
        .map(({ name }) => name),
    ).toEqual(['default', 'default']); // the publishable and the secret one
    expect(ssl).toMatchObject({ currentConfig: { database: true } });
    expect(network).toMatchObject({ config: { dbAllowedCidrs: ['127.0.0.0/8'] } });
  });

  test('compares the configuration with its own file, pulls it, and finds no update left', async () => {
    const settings = { jwt_exp: 86_400, site_url: 'https://w.example' };
    await standIn.api('PATCH', `/v1/projects/${project.ref}/config/auth`, settings);
    expect(await updates()).toEqual(
      expect.arrayContaining([
        { path: 'auth.jwt_expiry', local: 3600, remote: 86_400 },
        { path: 'auth.site_url', local: 'http://127.0.0.1:3000', remote: 'https://w.example' },
      ]),
    );
    await supabase('config', 'pull', '--yes');
    const pulled = await readFile(join(standIn.folder, 'home', 'supabase', 'config.toml'), 'utf8');
    expect(pulled).toContain('jwt_expiry = 86400');
    expect(await updates()).toEqual([]);
  });

  test('only tries a push that is a dry run', async () => {
    await supabase('db', 'push', database, '--dry-run', '--skip-vault');
    expect((await supabase('migration', 'list', database)).match(/20260101000000/g)).toHaveLength(
      1,
    );
    const found = await project.sql("select from pg_namespace where nspname = 'pushed'");
    expect(found.body).toEqual([]);
  });

  test('pushes a migration to the project’s database and lists it as applied', async () => {
    await supabase('db', 'push', database, '--yes', '--skip-vault');
    const listed = await supabase('migration', 'list', database);
    expect(listed.match(/20260101000000/g)).toHaveLength(2); // here and there
  });

  test('finds by its own linter what our gate finds, for every rule that both have', async () => {
    for (const { planted } of rules)
      await project.sql(planted.replaceAll('windlass_gate.', 'public.'));
    const options = ['--type', 'security', '--level', 'info', '-o', 'json'];
    const found = z
      .array(Named)
      .parse(JSON.parse(await supabase('db', 'advisors', database, ...options)));
    const names = new Set(found.map(({ name }) => name));
    expect([...names].sort()).toEqual(expect.arrayContaining(Object.values(theirs).sort()));
    const ours = rules.map(({ id }) => id).filter((id) => !(id in theirs));
    expect(ours).toEqual(['row-security-not-forced', 'function-of-its-owner']);
  });
});

const Diff = z.object({
  changes: z.array(
    z.object({
      path: z.array(z.string()),
      class: z.string(),
      local: z.unknown(),
      remote: z.unknown(),
    }),
  ),
});

/** What both sides have and have otherwise. */
async function updates() {
  const said = await supabase('config', 'diff', '--output-format', 'json');
  return Diff.parse(JSON.parse(said))
    .changes.filter((change) => change.class === 'update')
    .map(({ path, local, remote }) => ({ path: path.join('.'), local, remote }));
}

/** Supabase's name for what each rule of ours finds. */
const theirs: Readonly<Record<string, string>> = {
  'row-security-off': 'rls_disabled_in_public',
  'policy-without-row-security': 'policy_exists_rls_disabled',
  'policy-always-true': 'rls_policy_always_true',
  'policy-trusts-user-metadata': 'rls_references_user_metadata',
  'view-of-its-owner': 'security_definer_view',
  'materialized-view-exposed': 'materialized_view_in_api',
  'auth-users-exposed': 'auth_users_exposed',
  'sensitive-column-exposed': 'sensitive_columns_exposed',
};
