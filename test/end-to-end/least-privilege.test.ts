import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateIdToken, impersonate } from '../../src/gcp/iam.ts';
import { readServices } from '../../src/gcp/run.ts';
import { accessVersion, newestEnabled } from '../../src/gcp/secrets.ts';
import { openClient } from '../../src/postgres/connect.ts';
import { migratorRole } from '../../src/postgres/role-sql.ts';
import { loginOf } from '../../src/secret-values/database-url.ts';
import { databaseServices, serviceSecrets } from '../../src/services.ts';
import type { Site } from '../../src/site.ts';
import { adminSecret, migratorSecret } from '../../src/login-secrets.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let site: Site;
let services: readonly string[];
const migrator = 'migrator';

beforeAll(async () => {
  rig = await openDeployedRig();
  site = await rig.site();
  services = Object.keys(site.config.services);
});
afterAll(() => rig.close());

describe('the eight accounts and the migrator’s, asked one by one', () => {
  it('read their own secrets and no other, the database admin’s least of all', async () => {
    const own = serviceSecrets(site.config).map(({ id }) => id);
    const secrets = [...own, adminSecret, migratorSecret];
    const designed = serviceSecrets(site.config).map(({ service, id }) => `${service} ${id}`);
    const cells = await matrix([...services, migrator], secrets, mayRead);
    expect(cells.asked).toBe(9 * secrets.length);
    expect(cells.allowed).toEqual([...designed, `${migrator} ${migratorSecret}`].toSorted());
  });

  it('call what they are designed to call: the public gateway, and as the gateway the others', async () => {
    const designed = services.flatMap((caller) =>
      services
        .filter((callee) => {
          const { calls = [] } = site.config.services[caller] ?? {};
          return calls.includes(callee) || site.config.services[callee]?.public;
        })
        .map((callee) => `${caller} ${callee}`),
    );
    const urls = new Map((await readServices(site.google)).map(({ name, uri }) => [name, uri]));
    const cells = await matrix([...services, migrator], services, (caller, callee) =>
      mayCall(caller, urls.get(callee) ?? ''),
    );
    expect(cells.asked).toBe(72);
    // What is open to everybody is open to the migrator; it calls nothing else.
    expect(cells.allowed).toEqual([...designed, `${migrator} gateway`].toSorted());
  });

  it('see their own schema by their own login, and may not make a table even there', async () => {
    const schemas = databaseServices(site.config);
    const own = schemas.map((service) => `${service} ${service}`);
    const used = await matrix(schemas, schemas, (service, schema) =>
      as(service, `select count(*) from ${schema}.alembic_version`),
    );
    expect(used).toEqual({ asked: 49, allowed: own.toSorted() });
    const made = await matrix(schemas, schemas, (service, schema) =>
      as(service, `create table ${schema}.mine (a int)`),
    );
    expect(made).toEqual({ asked: 49, allowed: [] });
    const become = await matrix(schemas, schemas, (service, owner) =>
      as(service, `set role ${owner}_owner`),
    );
    expect(become.allowed).toEqual([]);
  });

  it('change a schema by the migrator’s login alone, which sees no sign-in and is no service', async () => {
    const schemas = databaseServices(site.config);
    const tried = (statement: (schema: string) => string) =>
      matrix([migrator], schemas, (who, schema) => as(who, statement(schema)));
    const changed = await tried((schema) => `create table ${schema}.mine (a int)`);
    expect(changed.allowed).toHaveLength(7);
    for (const statement of [
      (schema: string) => `set role ${schema}_service`,
      (schema: string) => `alter role ${schema}_service password null`,
      () => 'select from auth.users',
    ])
      expect((await tried(statement)).allowed).toEqual([]);
    const become = await matrix(schemas, [migratorRole], (service, role) =>
      as(service, `set role ${role}`),
    );
    expect(become).toEqual({ asked: 7, allowed: [] });
  });

  it('of which the gateway has no login at all', () => {
    const sources = Object.values(site.config.services['gateway']?.secrets ?? {});
    expect(sources).not.toContain('database');
  });
});

describe('the state of a deployed stack', () => {
  it('is copied, listed and restored, and the cloud agrees with it', async () => {
    const copy = await rig.windlass('state', 'backup', '-e', 'production');
    expect(copy.exitCode, copy.all).toBe(0);
    const [foundation = ''] = copy.stdout.split('\n');
    const stack = ['--stack', '10-foundation'];
    const listed = await rig.windlass('state', 'list', '-e', 'production', ...stack);
    expect(listed.stdout).toContain(foundation);
    const options = ['-e', 'production', ...stack, '--from', foundation];
    const back = await rig.windlass('state', 'restore', ...options);
    expect(back.exitCode, back.all).toBe(0);
    expect(back.stdout).toContain('It matches the cloud.');
    const next = await rig.windlass('plan', '-e', 'production');
    expect(next.all).toContain('nothing to change');
  });
});

interface Matrix {
  readonly asked: number;
  readonly allowed: readonly string[];
}

async function matrix(
  rows: readonly string[],
  columns: readonly string[],
  may: (row: string, column: string) => Promise<boolean>,
): Promise<Matrix> {
  const cells = rows.flatMap((row) => columns.map((column) => [row, column] as const));
  const answers = await Promise.all(cells.map(([row, column]) => may(row, column)));
  const allowed = cells.filter((_, index) => answers[index]).map((cell) => cell.join(' '));
  return { asked: cells.length, allowed: allowed.toSorted() };
}

const account = (name: string) =>
  `${name === migrator ? 'windlass' : 'run'}-${name}@${site.google.project}.iam.gserviceaccount.com`;

async function mayRead(service: string, secret: string): Promise<boolean> {
  const version = (await newestEnabled(site.google, secret)) ?? 0;
  return accessVersion(impersonate(site.google, account(service)), { secret, version }).then(
    (value) => value.length > 0,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'GOOGLE_DENIED' });
      return false;
    },
  );
}

async function mayCall(service: string, url: string): Promise<boolean> {
  const wanted = { account: account(service), audience: url };
  const authorization = `Bearer ${await generateIdToken(site.google, wanted)}`;
  const { status } = await fetch(`${url}/readyz`, { headers: { authorization } });
  expect([200, 403]).toContain(status);
  return status === 200;
}

/** Runs a statement with the service's own URL, as its process would; false = not permitted. */
async function as(service: string, statement: string): Promise<boolean> {
  const secret = service === migrator ? migratorSecret : `${service}-database-url`;
  const version = (await newestEnabled(site.google, secret)) ?? 0;
  const url = String(await accessVersion(site.google, { secret, version }));
  const client = await openClient(loginOf(url, site.supabase.databaseCa));
  try {
    await client.query('begin');
    await client.query(statement);
    await client.query('rollback');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: '42501' }); // insufficient_privilege
    return false;
  } finally {
    await client.end();
  }
}
