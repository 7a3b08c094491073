import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { held } from '../../../src/held.ts';
import { postgresBin } from '../../../sandbox/supabase/binaries.ts';
import { healthy, openStandIn } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

const python = join(import.meta.dirname, '../../../tools/python/.venv/bin/python');
const password = 'owner-password';
const Ref = z.object({ ref: z.string() });
const Poolers = z.array(
  z.object({ connection_string: z.string(), db_user: z.string(), pool_mode: z.string() }),
);
let standIn: StandIn;
let ref: string;
let port: number;

beforeAll(async () => {
  standIn = await openStandIn();
  const wanted = { name: 'a', organization_slug: 'wellness-production', db_pass: password };
  ref = Ref.parse((await standIn.api('POST', '/v1/projects', wanted)).body).ref;
  await healthy(standIn.api, ref);
  const answer = await standIn.api('GET', `/v1/projects/${ref}/config/database/pooler`);
  const [pooler] = Poolers.parse(answer.body);
  expect(pooler).toMatchObject({ db_user: `postgres.${ref}`, pool_mode: 'session' });
  port = Number(new URL(pooler?.connection_string ?? '').port);
});
afterAll(() => standIn[Symbol.asyncDispose]());

describe('a project’s own host without the IPv4 add-on', () => {
  test('has an IPv6 address at which nobody answers, wherever the API names it', async () => {
    const [direct, shown] = await Promise.all([
      standIn.api('GET', `/v1/projects/${ref}/config/database/pgbouncer`),
      standIn.api('GET', `/v1/projects/${ref}`),
    ]);
    const url = new URL(Object(direct.body).connection_string);
    expect([url.hostname, Object(shown.body).database.host]).toEqual(['[::1]', '::1']);
    const who = { port: Number(url.port), user: 'postgres', password, database: 'postgres' };
    await expect(roleOf({ ...who, host: '::1' })).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
    await expect(roleOf({ ...who, host: '127.0.0.1' })).rejects.toThrow(/ECONNRESET|terminated/);
    const database = standIn.world.collection('supabase-projects', z.any()).get(ref).ports.database;
    await expect(roleOf({ ...who, host: '127.0.0.1', port: database })).rejects.toThrow('pg_hba');
  });

  test('is reached once the add-on is bought, and no longer once it is gone', async () => {
    const path = `/v1/projects/${ref}/billing/addons`;
    await standIn.api('PATCH', path, { addon_type: 'ipv4', addon_variant: 'ipv4_default' });
    const { db } = Object((await standIn.api('GET', `/_sandbox/projects/${ref}`)).body);
    const who = { ...db, user: 'postgres', password, database: 'postgres' };
    expect(await roleOf(who)).toBe('postgres');
    await standIn.api('DELETE', `${path}/ipv4_default`);
    await expect(roleOf(who)).rejects.toThrow();
  });
});

describe('the pooler in session mode', () => {
  test.each(['disable', 'require', 'verify-full'])('lets psql in with sslmode=%s', async (mode) => {
    const answer = await psql({ PGSSLMODE: mode }, 'select current_user');
    expect(answer).toMatchObject({ exitCode: 0, stdout: 'postgres' });
  });

  test('keeps a session: settings, advisory locks, LISTEN, COPY and prepared statements', async () => {
    const client = await opened();
    const other = await opened();
    try {
      await client.query('set work_mem = 12345; select pg_advisory_lock(7)');
      expect((await client.query('show work_mem')).rows).toEqual([{ work_mem: '12345kB' }]);
      const taken = await other.query('select pg_try_advisory_lock(7) as got');
      expect(taken.rows).toEqual([{ got: false }]);
      await client.query({ name: 'one', text: 'select $1::int as n', values: [1] });
      const again = await client.query({ name: 'one', text: 'select $1::int as n', values: [2] });
      expect(again.rows).toEqual([{ n: 2 }]);
      const heard = held(once(client, 'notification'));
      await client.query('listen news');
      await other.query('notify news');
      expect((await heard)[0].channel).toBe('news');
    } finally {
      await Promise.all([client.end(), other.end()]);
    }
  });

  test('lets one session read what another has exported', async () => {
    const client = await opened();
    const other = await opened();
    try {
      await client.query('begin isolation level repeatable read');
      const { rows } = await client.query('select pg_export_snapshot() as id');
      await other.query('begin isolation level repeatable read');
      const same = await other.query(`set transaction snapshot '${rows[0].id}'`);
      expect(same.command).toBe('SET');
    } finally {
      await Promise.all([client.end(), other.end()]);
    }
  });

  test('carries pg_dump, psycopg and a cancelled statement', async () => {
    const dump = await execa(join(postgresBin(), 'pg_dump'), ['--schema-only'], {
      env: environment({ PGSSLMODE: 'verify-full' }),
    });
    expect(dump.stdout).toContain('CREATE SCHEMA auth');
    const program = `
import psycopg, threading
with psycopg.connect("") as c:
    print(c.execute("select current_user").fetchone()[0])
    with c.cursor().copy("copy (select generate_series(1, 3)) to stdout") as rows:
        print(sum(len(row) for row in rows))
    threading.Timer(0.3, c.cancel).start()
    try:
        c.execute("select pg_sleep(20)")
    except psycopg.errors.QueryCanceled as e:
        print(e.sqlstate)
`;
    const { stdout } = await execa(python, ['-c', program], { env: environment({}) });
    expect(stdout.split('\n')).toEqual(['postgres', '6', '57014']);
  });

  test('hands on no setting of the start message but the path', async () => {
    const shown = 'select current_setting($$search_path$$), current_setting($$work_mem$$)';
    const PGOPTIONS = '-c search_path=extensions -c work_mem=12345';
    expect((await psql({ PGOPTIONS }, shown)).stdout).toBe('extensions|4MB');
  });

  test('refuses as Supavisor does: no project, another project, a wrong password', async () => {
    expect((await psql({ PGUSER: 'postgres' }, 'select')).stderr).toContain('(ENOIDENTIFIER)');
    const nobody = `postgres.${'x'.repeat(20)}`;
    expect((await psql({ PGUSER: nobody }, 'select')).stderr).toContain(
      `(ENOTFOUND) tenant/user ${nobody} not found`,
    );
    expect((await psql({ PGPASSWORD: 'another' }, 'select')).stderr).toContain(
      'password authentication failed for user "postgres"',
    );
  });

  test('has as many sessions of a role as the pool, and one more when one has ended', async () => {
    const path = `/v1/projects/${ref}/config/database/pooler`;
    await standIn.api('PATCH', path, { default_pool_size: 2 });
    const sessions = [await opened(), await opened()];
    const full =
      '(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 2';
    expect((await psql({}, 'select')).stderr).toContain(full);
    await sessions[0]?.end();
    expect((await psql({}, 'select 1')).stdout).toBe('1');
    await sessions[1]?.end();
    await standIn.api('PATCH', path, { default_pool_size: null });
  });

  test('keeps out who is not allowed by address, in its own words', async () => {
    const path = `/v1/projects/${ref}/network-restrictions/apply`;
    await standIn.api('POST', path, { dbAllowedCidrs: ['10.0.0.0/8'], dbAllowedCidrsV6: [] });
    expect((await psql({}, 'select')).stderr).toContain(
      '(EADDRNOTALLOWED) address not in tenant allow_list: {127, 0, 0, 1}',
    );
    await standIn.api('POST', path, { dbAllowedCidrs: ['0.0.0.0/0'], dbAllowedCidrsV6: [] });
    expect((await psql({}, 'select 1')).stdout).toBe('1');
  });

  test('takes TLS alone where that is enforced', async () => {
    const enforce = (database: boolean) =>
      standIn.api('PUT', `/v1/projects/${ref}/ssl-enforcement`, { requestedConfig: { database } });
    await enforce(true);
    await healthy(standIn.api, ref);
    expect((await psql({ PGSSLMODE: 'disable' }, 'select')).stderr).toContain(
      '(ESSLREQUIRED) SSL connection is required for user: postgres',
    );
    expect((await psql({ PGSSLMODE: 'verify-full' }, 'select 1')).stdout).toBe('1');
    await enforce(false);
    await healthy(standIn.api, ref);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a huge length', Buffer.from([127, 0, 0, 0, 0, 3, 0, 0])],
    ['words of HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('goes on after a client that sends %s', async (_, bytes) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end(bytes);
    await once(socket, 'close');
    expect((await psql({}, 'select 1')).stdout).toBe('1');
  });
});

function environment(changed: Readonly<Record<string, string>>) {
  return {
    ...{ PGHOST: '127.0.0.1', PGPORT: `${port}`, PGUSER: `postgres.${ref}` },
    ...{ PGPASSWORD: password, PGDATABASE: 'postgres' },
    PGSSLROOTCERT: standIn.supabase.databaseCa,
    ...changed,
  };
}

function psql(changed: Readonly<Record<string, string>>, query: string) {
  const env = environment(changed);
  return execa(join(postgresBin(), 'psql'), ['-XAtc', query], { env, reject: false });
}

async function opened(): Promise<pg.Client> {
  const user = `postgres.${ref}`;
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
  await client.connect();
  return client;
}

async function roleOf(config: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    return String((await client.query('select current_user as role')).rows[0].role);
  } finally {
    await client.end().catch(() => undefined);
  }
}
