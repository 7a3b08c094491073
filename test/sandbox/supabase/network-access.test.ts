import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresBin } from '../../../sandbox/supabase/binaries.ts';
import { issue } from '../../../sandbox/supabase/tls/certificate.ts';
import { withClient } from '../../../src/postgres/connect.ts';
import type { Login } from '../../../src/postgres/connect.ts';
import { healthy, openStandIn, readyProject } from './stand-in.ts';
import type { ReadyProject, StandIn } from './stand-in.ts';

let standIn: StandIn;
let project: ReadyProject;
let plain: Login;
let verified: Login;

beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  const who = { user: 'postgres', password: 'owner-password', database: 'postgres' };
  plain = { ...project.db, ...who };
  verified = { ...plain, ca: standIn.supabase.databaseCa };
});
afterAll(() => standIn[Symbol.asyncDispose]());

const path = (setting: string) => `/v1/projects/${project.ref}/${setting}`;

describe('a project’s Postgres speaks TLS', () => {
  test('to who wants it, with a certificate that the authority’s file verifies', async () => {
    expect(await encrypted(plain)).toBe(false);
    expect(await encrypted(verified)).toBe(true);
    expect(await psql({})).toMatchObject({ exitCode: 0, stdout: 't' });
  });

  test('and to nobody who expects another authority or another name', async () => {
    const stranger = join(standIn.folder, 'stranger.crt');
    await writeFile(stranger, issue({ name: 'Supabase sandbox root' }).certificate);
    await expect(encrypted({ ...verified, ca: stranger })).rejects.toThrow(/certificate/);
    expect((await psql({ PGSSLROOTCERT: stranger })).stderr).toContain('SSL error');
    const elsewhere = { PGHOST: 'db.elsewhere.supabase.co', PGHOSTADDR: '127.0.0.1' };
    expect((await psql(elsewhere)).stderr).toContain('does not match host name');
    expect((await psql({ ...elsewhere, PGHOST: `db.${project.ref}.supabase.co` })).exitCode).toBe(
      0,
    );
  });

  test('alone, once that is enforced: the database restarts and refuses the rest', async () => {
    await enforceSsl(true);
    await expect(encrypted(plain)).rejects.toMatchObject({
      code: 'DATABASE_CLOSED',
      why: expect.stringContaining('no encryption'),
    });
    expect((await psql({ PGSSLMODE: 'disable' })).stderr).toContain('no pg_hba.conf entry');
    expect(await encrypted(verified)).toBe(true);
    expect((await project.door('GET', '/auth/v1/settings')).status).toBe(200);
    await enforceSsl(false);
    expect(await encrypted(plain)).toBe(false);
  });
});

describe('network restrictions', () => {
  test('let in the ranges that are named and nobody else, by address', async () => {
    await allow(['127.0.0.2/32']);
    await expect(encrypted(verified)).rejects.toThrow(silence);
    await using other = await from('127.0.0.2', plain.port);
    expect(await encrypted({ ...verified, port: other.port })).toBe(true);
    expect((await project.door('GET', '/auth/v1/settings')).status).toBe(200);
    await allow(['127.0.0.0/8']);
    expect(await encrypted(verified)).toBe(true);
  });

  test('still hold after the stand-in was closed and opened again', async () => {
    await allow(['127.0.0.2/32']);
    await standIn.close();
    standIn = await openStandIn(standIn.folder);
    await healthy(standIn.api, project.ref);
    await expect(encrypted(verified)).rejects.toThrow(silence);
  });
});

/** Restrictions act before Postgres: it says no word. */
const silence = /ECONNRESET|Connection terminated unexpectedly/;

async function encrypted(login: Login): Promise<boolean> {
  const { rows } = await withClient(login, (client) =>
    client.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()'),
  );
  return rows[0]?.ssl === true;
}

/** libpq’s own client, which verifies authority and name unless told otherwise. */
async function psql(changed: Readonly<Record<string, string>>) {
  const env = {
    ...{ PGHOST: plain.host, PGPORT: String(plain.port), PGUSER: plain.user },
    ...{ PGPASSWORD: plain.password, PGDATABASE: 'postgres', PGSSLMODE: 'verify-full' },
    PGSSLROOTCERT: standIn.supabase.databaseCa,
    ...changed,
  };
  const query = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
  return execa(join(postgresBin(), 'psql'), ['-XAtc', query], { env, reject: false });
}

async function enforceSsl(database: boolean): Promise<void> {
  await standIn.api('PUT', path('ssl-enforcement'), { requestedConfig: { database } });
  await healthy(standIn.api, project.ref);
}

async function allow(dbAllowedCidrs: readonly string[]): Promise<void> {
  const body = { dbAllowedCidrs, dbAllowedCidrsV6: [] };
  expect((await standIn.api('POST', path('network-restrictions/apply'), body)).status).toBe(201);
}

/** A way to the database that comes from another address of this machine. */
async function from(localAddress: string, port: number) {
  const server = createServer((client) => {
    const database = connect({ host: '127.0.0.1', port, localAddress });
    for (const socket of [client, database]) socket.on('error', () => undefined);
    client.pipe(database).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
