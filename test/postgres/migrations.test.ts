import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { judgeFolders } from '../../src/migrations/judge-folders.ts';
import { underMigrationLock } from '../../src/postgres/advisory-lock.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { currentRevisions } from '../../src/postgres/current-revisions.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { readHistories, refuseUnknown } from '../../src/postgres/revisions.ts';
import { roleSql } from '../../src/postgres/role-sql.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { type Draft, history } from './history.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let admin = '';

beforeAll(async () => {
  database = await projectDatabase();
  admin = database.urlOf('postgres');
});

afterAll(() => database?.stop());

beforeEach(async () => {
  await query(admin, 'drop schema if exists meals cascade');
  await query(admin, roleSql('meals'));
});

const table: Draft = {
  up: 'create table meals.t (a int); insert into meals.t values (1)',
  down: 'drop table meals.t',
};
const column = (name: string): Draft => ({
  up: `alter table meals.t add column ${name} int default 7`,
  down: `alter table meals.t drop column ${name}`,
});

const upgrade = async (folders: Readonly<Record<string, string>>) =>
  runMigrations({ verb: 'upgrade', folders }, { login: loginOf(admin) });
const stands = async () => (await currentRevisions(loginOf(admin), ['meals']))['meals'];

describe('an upgrade that fails at 3 of 5', () => {
  test('says where it stands, and the next run carries on from there', async () => {
    const bad: Draft = { up: 'alter table meals.gone add column c int' };
    const made = await history('meals', [table, column('b'), bad, column('d'), column('e')]);
    await expect(upgrade(made.folders)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      what: expect.stringContaining('at revision r3'),
      why: expect.stringContaining('meals is at r2'),
    });
    expect(await stands()).toBe('r2');
    await made.write(3, column('c'));
    const lines = await upgrade(made.folders);
    expect(lines.flatMap(({ applied }) => applied ?? [])).toEqual(['r3', 'r4', 'r5']);
    await made.remove();
  });

  test('leaves an index that was built concurrently for the next run to build anew', async () => {
    const build =
      'drop index concurrently if exists meals.i; create unique index concurrently i on meals.t (a)';
    const twice: Draft = { up: 'insert into meals.t values (1)', down: 'delete from meals.t' };
    const index: Draft = { up: build, outside: true };
    const made = await history('meals', [table, twice, index, column('b')]);
    await expect(upgrade(made.folders)).rejects.toMatchObject({
      why: expect.stringContaining('meals is at r2'),
    });
    await query(admin, 'delete from meals.t where ctid <> (select min(ctid) from meals.t)');
    await upgrade(made.folders);
    const valid = await query(
      admin,
      `select indisvalid from pg_index where indrelid = 'meals.t'::regclass`,
    );
    expect(valid).toEqual([{ indisvalid: true }]);
    expect(await stands()).toBe('r4');
    await made.remove();
  });
});

test('what a revision prints, by whatever means, is no line of ours', async () => {
  const code = `    import os, subprocess, sys
    print("meals: adding a column")
    sys.stdout.write('{"service": "meals", "at": "r9"}\\n')
    os.write(1, b"by the system")
    subprocess.run(["echo", "by another program"])
    op.execute("alter table meals.t add column b int")`;
  const made = await history('meals', [table, { code, down: 'alter table meals.t drop column b' }]);
  expect((await upgrade(made.folders)).flatMap(({ at }) => at ?? [])).toEqual(['r2']);
  const judged = await judgeFolders(made.folders);
  expect(judged['meals']?.map(({ faults }) => faults)).toEqual([[], []]);
  await made.remove();
});

test('a commit whose answer was lost is found done by the next attempt', async () => {
  const made = await history('meals', [table, column('b')]);
  await upgrade(made.folders);
  const again = await upgrade(made.folders);
  expect(again).toEqual([{ service: 'meals', at: 'r2' }]);
  await made.remove();
});

test('what was committed before the run was cut off is not done again', async () => {
  const names = ['b', 'c', 'd', 'e'];
  const made = await history('meals', [table, ...names.map(column)]);
  const cut = new AbortController();
  const seen: string[] = [];
  const running = runMigrations(
    { verb: 'upgrade', folders: made.folders },
    {
      login: loginOf(admin),
      signal: cut.signal,
      onLine: ({ applied }) => {
        if (!applied) return; // told before its commit: nothing is certain yet
        seen.push(applied);
        cut.abort();
      },
    },
  );
  await expect(running).rejects.toThrow();
  const reached = Number((await stands())?.slice(1));
  expect(reached).toBeGreaterThanOrEqual(seen.length);
  const rest = ['r1', 'r2', 'r3', 'r4', 'r5'].slice(reached);
  const lines = await upgrade(made.folders);
  expect(lines.flatMap(({ applied }) => applied ?? [])).toEqual(rest);
  await made.remove();
});

test('of two upgrades at once one waits and finds nothing left to do', async () => {
  const made = await history('meals', [table, column('b')]);
  const locked = () => underMigrationLock(loginOf(admin), ['meals'], () => upgrade(made.folders));
  const both = await Promise.all([locked(), locked()]);
  const applied = both.map((lines) => lines.filter((line) => line.applied).length);
  expect(applied.sort((a, b) => a - b)).toEqual([0, 2]);
  await made.remove();
});

test('who loses the session that holds the lock is told at once', async () => {
  const kill = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`;
  const work = underMigrationLock(loginOf(admin), ['meals'], async (lost) => {
    await query(database.urlOf('supabase_admin'), kill);
    if (!lost.aborted) await new Promise((resolve) => lost.addEventListener('abort', resolve));
    lost.throwIfAborted();
  });
  await expect(work).rejects.toMatchObject({ code: 'DATABASE_LOST', class: 'retry' });
});

describe('a downgrade', () => {
  const down = (folders: Readonly<Record<string, string>>, to: string | null) =>
    downgradeTo(loginOf(admin), { meals: to }, { folders });

  test('takes a column away that holds nothing but its default', async () => {
    const made = await history('meals', [table, column('b')]);
    await upgrade(made.folders);
    expect(await down(made.folders, 'r1')).toEqual([]);
    expect(await stands()).toBe('r1');
    await made.remove();
  });

  test('leaves a column that somebody has written to, and says so', async () => {
    const made = await history('meals', [table, column('b')]);
    await upgrade(made.folders);
    await query(admin, 'update meals.t set b = 8');
    const stays = await down(made.folders, 'r1');
    expect(stays).toEqual([
      'schema meals at r2: r2 cannot be downgraded: meals.t.b holds what was written since',
    ]);
    expect(await stands()).toBe('r2');
    await made.remove();
  });

  test('never goes below a contract', async () => {
    const drop: Draft = {
      up: 'alter table meals.t drop column a',
      down: 'alter table meals.t add column a int',
      kind: 'contract',
    };
    const made = await history('meals', [table, column('b'), drop]);
    await upgrade(made.folders);
    expect(await down(made.folders, 'r2')).toEqual([
      'schema meals at r3: r3 cannot be downgraded without data loss',
    ]);
    await made.remove();
  });

  test('is not tried from a revision that the release does not know', async () => {
    const made = await history('meals', [table]);
    await upgrade(made.folders);
    const other = await history('meals', []);
    expect(await down(other.folders, null)).toEqual([
      'schema meals at r1: the release does not have this revision',
    ]);
    await Promise.all([made.remove(), other.remove()]);
  });
});

test('two heads are refused before anything is touched', async () => {
  const made = await history('meals', [table, column('b'), { ...column('c'), below: 'r1' }]);
  await expect(readHistories(made.folders)).rejects.toMatchObject({ code: 'MIGRATION_HEADS' });
  await made.remove();
});

test('a database ahead of the release is refused', async () => {
  const made = await history('meals', [table]);
  const histories = await readHistories(made.folders);
  const ahead = () => refuseUnknown(histories, { meals: 'r2' }, new Set(['meals/r1']));
  expect(ahead).toThrow(expect.objectContaining({ code: 'SCHEMA_AHEAD' }));
  await made.remove();
});

test('a revision whose text does not tell what it does is left to its effect on the copy', async () => {
  const made = await history('meals', [{ ...table, up: 'do $x$ begin end $x$' }]);
  const judged = await judgeFolders(made.folders);
  expect(judged['meals']?.[0]).toMatchObject({
    judgedBy: 'effect',
    faults: [],
    unread: [{ why: 'cannot be judged by its text (do)' }],
  });
  await made.remove();
});
