import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alembic, schemaText } from './alembic.ts';
import { type ProjectDatabase, projectDatabase, query } from './database.ts';
import { databaseServices, wellness } from './names.ts';

let database: ProjectDatabase;
let admin = '';
const empty = new Map<string, string>();

beforeAll(async () => {
  database = await projectDatabase();
  admin = database.urlOf('postgres');
  for (const service of databaseServices) {
    empty.set(service, await schemaText(admin, service));
    await alembic(admin, service, 'upgrade', 'head');
  }
});

afterAll(() => database?.stop());

test.each(databaseServices)(
  '%s goes down to nothing and up again without a loss',
  async (service) => {
    const head = await schemaText(admin, service);
    await alembic(admin, service, 'downgrade', 'base');
    await query(admin, `drop table ${service}.alembic_version`);
    expect(await schemaText(admin, service)).toEqual(empty.get(service));
    await alembic(admin, service, 'upgrade', 'head');
    expect(await schemaText(admin, service)).toEqual(head);
    expect(head).toContain('CREATE TABLE');
  },
);

test('row level security is forced on every table of every service', async () => {
  const schemas = databaseServices.map((name) => `'${name}'`).join();
  const tables = await query(
    admin,
    `select c.oid::regclass::text as name, relrowsecurity and relforcerowsecurity as forced
     from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and nspname in (${schemas})`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(2 * databaseServices.length);
  expect(tables.filter(({ forced }) => forced !== true)).toEqual([]);
});

test('a service may read its Alembic version and never move it', async () => {
  const own = database.urlOf('habits_service');
  const read = await query(own, 'select version_num from alembic_version');
  expect(read).toEqual([{ version_num: 'habits_0003' }]);
  await expect(query(own, `update alembic_version set version_num = 'x'`)).rejects.toThrow(
    'permission denied',
  );
});

test.each(databaseServices.filter((name) => name !== 'practices'))(
  'practices_service may not look into %s',
  async (service) => {
    const practices = database.urlOf('practices_service');
    expect(await query(practices, 'select from practices.practices')).toEqual([]);
    await expect(query(practices, `select from ${service}.alembic_version`)).rejects.toThrow(
      `permission denied for schema ${service}`,
    );
    await expect(query(practices, `set role ${service}_owner`)).rejects.toThrow(
      'permission denied to set role',
    );
  },
);

test('a service makes no tables, neither at home nor in public', async () => {
  const practices = database.urlOf('practices_service');
  for (const schema of ['practices', 'public'])
    await expect(query(practices, `create table ${schema}.mine ()`)).rejects.toThrow(
      `permission denied for schema ${schema}`,
    );
});

const revisions = globSync('*/migrations/versions/*.py', { cwd: wellness });

test('every service has three revisions', () => {
  expect(revisions).toHaveLength(3 * databaseServices.length);
});

test.each(revisions)('%s says what kind of change it is, and only adds', (file) => {
  const text = readFileSync(join(wellness, file), 'utf8');
  expect(text).toMatch(/^windlass = "expand"$/m);
  const [up = ''] = text.split('def downgrade');
  const code = up.replaceAll(/DOWN = """[^"]*"""/g, '');
  expect(code).not.toMatch(/drop_column|drop_table|drop table|drop column/);
});
