import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../src/migrations/judge.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { type Login, withClient } from '../../src/postgres/connect.ts';
import { readContent } from '../../src/postgres/content-digest.ts';
import { currentRevisions } from '../../src/postgres/current-revisions.ts';
import { differences } from '../../src/postgres/differences.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { readFingerprint } from '../../src/postgres/fingerprint.ts';
import { roleSql } from '../../src/postgres/role-sql.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { databaseServices } from '../examples/names.ts';
import { history } from '../postgres/history.ts';
import { loginOf } from '../postgres/login.ts';
import { base, type Case } from './cases.ts';
import { objectCases } from './object-cases.ts';
import { published } from './published.ts';
import { refusedCases } from './refused-cases.ts';
import { reviewOf } from './review-of.ts';
import { unreadCases } from './unread-cases.ts';
import { valueCases } from './value-cases.ts';

const table = [...refusedCases, ...unreadCases, ...valueCases, ...objectCases, ...published];

describe('what the plan says of an expand', () => {
  test.each(table)('$name', async ({ up, down = 'select 1', refused, byEffect }) => {
    const { faults, judgedBy } = await judge(reviewOf({ up, down }));
    if (refused) expect(faults.join('\n')).toMatch(refused);
    else expect(faults).toEqual([]);
    expect(judgedBy).toBe(byEffect ? 'effect' : 'text');
  });

  test('the table has at least 60 migrations', () => {
    expect(table.length).toBeGreaterThanOrEqual(60);
  });
});

describe('up, rows of users, and a rollback', () => {
  let database: ProjectDatabase;
  const outcomes = new Map<string, Outcome>();
  const all = table.filter(({ rows }) => rows !== undefined);

  beforeAll(async () => {
    database = await projectDatabase();
    for (let at = 0; at < all.length; at += databaseServices.length)
      for (const [name, outcome] of await carryOut(
        database,
        all.slice(at, at + databaseServices.length),
      ))
        outcomes.set(name, outcome);
  }, 300_000);

  afterAll(() => database?.stop());

  test.each(all)('$name', ({ name, stays }) => {
    const { at, told, differs } = outcomes.get(name) ?? { at: '?', told: '', differs: [] };
    if (stays) expect(told).toMatch(stays);
    else expect(told).toBe('');
    expect(at).toBe(stays ? 'r2' : 'r1');
    expect(differs).toEqual([]);
  });
});

interface Outcome {
  readonly at: string;
  /** Why the schema stays. */
  readonly told: string;
  /** Where the schema went down: how it differs from before; where it stays: rows that are gone. */
  readonly differs: readonly string[];
}

/** One case per service's schema, all in one run of Alembic each way. */
async function carryOut(
  database: ProjectDatabase,
  some: readonly Case[],
): Promise<readonly (readonly [string, Outcome])[]> {
  const admin = database.urlOf('postgres');
  const login = loginOf(admin);
  const put: Put[] = [];
  for (const [index, one] of some.entries()) {
    const service = databaseServices[index] ?? '';
    await query(admin, `drop schema if exists ${service} cascade`);
    await query(admin, roleSql(service));
    const inSchema = (sql = ''): string => sql.replaceAll(/\bapp(?=\b|_service)/g, service);
    const made = await history(service, [{ up: inSchema(base), kind: 'irreversible' }]);
    put.push({ ...made, one, service, inSchema });
    await query(admin, `set role ${service}_owner; ${inSchema(base)}; ${stampedSql(service)}`);
  }
  const folders = Object.assign({}, ...put.map((one) => one.folders));
  const upgrade = () => runMigrations({ verb: 'upgrade', folders }, { login });
  const picturesOf = () => Promise.all(put.map(({ service }) => pictureOf(login, service)));
  const before = await picturesOf();
  for (const { one, write, inSchema } of put)
    await write(2, { up: inSchema(one.up), down: inSchema(one.down) });
  await upgrade();
  for (const { one, inSchema } of put) await query(admin, inSchema(one.rows));
  const written = await picturesOf();
  const to = Object.fromEntries(put.map(({ service }) => [service, 'r1']));
  const told = await downgradeTo(login, to, { folders });
  const at = await currentRevisions(login, Object.keys(to));
  const after = await picturesOf();
  return put.map(({ one, service }, index) => {
    const stood = at[service] === 'r1' ? before[index] : written[index];
    const now = after[index];
    return [
      one.name,
      {
        at: at[service] ?? '?',
        told: told
          .filter((line) => line.startsWith(`schema ${service} `))
          .join()
          .replaceAll(new RegExp(`\\b${service}\\b`, 'g'), 'app'),
        differs: [
          ...differences(stood?.catalog ?? {}, now?.catalog ?? {}),
          ...differences(
            { rows: rowsOf(written[index], before[index]) },
            { rows: rowsOf(now, before[index]) },
          ),
        ],
      },
    ];
  });
}

interface Put extends Awaited<ReturnType<typeof history>> {
  readonly one: Case;
  readonly service: string;
  readonly inSchema: (sql?: string) => string;
}

/** The schema as Alembic leaves it at `r1`, without a run of Alembic. */
function stampedSql(service: string): string {
  return `create table ${service}.alembic_version (version_num varchar(32) primary key);
    insert into ${service}.alembic_version values ('r1')`;
}

interface Picture {
  readonly catalog: Readonly<Record<string, unknown>>;
  readonly rows: Readonly<Record<string, string>>;
}

/** Rows column by column, so that what stood before can be held against what stands now. */
async function pictureOf(login: Login, service: string): Promise<Picture> {
  const { parts } = await readFingerprint(login, [service]);
  const found = await withClient(login, async (client) => {
    const tables = await readContent(client, { schemas: [service] });
    const single: [string, string][] = [];
    for (const { table, columns } of tables)
      for (const column of columns) {
        const one = { schemas: [service], columns: { [table]: [column] } };
        for (const { rows, sum } of await readContent(client, one))
          single.push([`${table}.${column}`, `${rows} ${sum}`]);
      }
    return single;
  });
  return { catalog: parts, rows: Object.fromEntries(found) };
}

/** The columns that stood before. */
function rowsOf(picture: Picture | undefined, before: Picture | undefined): readonly string[] {
  return Object.keys(before?.rows ?? {})
    .filter((name) => !name.includes('alembic_version'))
    .map((name) => `${name} ${picture?.rows[name]}`);
}
