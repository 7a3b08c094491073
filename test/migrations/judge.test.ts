import { describe, expect, test } from 'vitest';
import { effectsOf } from '../../src/migrations/judge-statement.ts';
import { judge } from '../../src/migrations/judge.ts';
import { readSql } from '../../src/migrations/grammar.ts';
import { nothingMade } from '../../src/migrations/made.ts';

describe('a statement that older code survives', () => {
  test.each([
    'create table a.b (id int)',
    'alter table a.b add column c text',
    `alter table a.b add column c text not null default ''`,
    'alter table a.b alter column c drop not null',
    'alter table a.b drop constraint c',
    'create index concurrently if not exists i on a.b (c)',
    'drop index a.i',
    `insert into a.b values (1, 'x; drop table a.b')`,
    'insert into a.b values ($q$ ; truncate a.b; $q$)',
    "comment on table a.b is E'it\\'s; drop table a.b'",
    '/* drop table a.b; /* nested */ */ create table a.c (id int) -- ; truncate a.b',
    `alter type a.mood add value 'fine'`,
    'create table a.n (id int); alter table a.n alter column id set not null; drop table a.n',
    'alter table a.b add column c int; update a.b set c = 1 where c is null',
    'create policy p on a.b to x using (true); drop policy p on a.b',
    'create policy "P.q" on "A".b to x using (true); alter policy "P.q" on "A".b to y; drop policy "P.q" on "A".b',
    'create policy p on b to x using (true); drop policy if exists p on b',
  ])('%s', async (sql) => expect(await worst(sql)).toBe('adds'));
});

describe('a statement that loses what was written', () => {
  test.each([
    'drop table a.b',
    'DROP TABLE IF EXISTS "a"."b" CASCADE',
    'alter table a.b drop column c',
    'alter table only a.b add x int, drop c',
    'alter table a.b alter column c type bigint using (c::bigint, 1)',
    'alter table a.b alter c set data type text',
    'truncate a.b',
    'delete from a.b',
    'delete from a.b where c = 1',
    'update a.b set c = 1',
    'alter table a.b add column d int; update a.b set c = 1, d = 2',
    'drop schema a cascade',
    'create policy p on a to x using (true); drop table a.p',
    'alter table a.b detach partition a.c',
  ])('%s', async (sql) => expect(await worst(sql)).toBe('loses'));
});

describe('a statement that code of an older release may trip over', () => {
  test.each([
    'alter table a.b alter column c set not null',
    'alter table a.b rename column c to d',
    'alter table a.b rename to c',
    'alter table a.b add column c text not null',
    'alter table a.b add constraint u unique (c)',
    'create unique index i on a.b (c)',
    'alter table a.b alter column c drop default',
    'alter table a.b disable row level security',
    'drop policy own on a.b',
    'create policy p on a.b to x using (true); drop policy p on a.c',
    'create policy p on a.b to x using (true); drop policy own on a.b',
    'create policy p on a.b to x using (true); drop policy p on a.b; drop policy p on a.b',
    'create policy p on b to x using (true); set search_path = c; drop policy p on b',
    'alter policy own on a.b to x',
    'revoke select on a.b from a_service',
    'create or replace function a.f() returns int language sql as $$ select 1; $$',
  ])('%s', async (sql) => expect(await worst(sql)).toBe('tightens'));
});

test.each([
  'do $$ begin drop table a.b; end $$',
  'select a.clean()',
  'select count(*) from a.b where a.clean()',
])('what nobody can judge by its text is not taken for harmless: %s', async (sql) =>
  expect(await worst(sql)).toBe('unread'),
);

describe('a revision', () => {
  test('that says expand and drops a column is refused with the statement', async () => {
    const { faults } = await judge(review('expand', 'alter table a.b drop column c', 'select 1'));
    expect(faults).toEqual([
      'says expand, but drops the column c of a.b: alter table a.b drop column c',
    ]);
  });

  test('without a kind is refused', async () => {
    expect(
      (await judge(review(null, 'create table a.b ()', 'drop table a.b'))).faults,
    ).toHaveLength(1);
    expect(
      (await judge(review('safe', 'create table a.b ()', 'drop table a.b'))).faults,
    ).toHaveLength(1);
  });

  test('that says contract and takes nothing away is refused', async () => {
    const { faults } = await judge(review('contract', 'create table a.b ()', 'drop table a.b'));
    expect(faults).toEqual(['says contract, but removes nothing']);
  });

  test('whose downgrade is empty is irreversible, and must say so', async () => {
    expect((await judge(review('expand', 'create table a.b ()', ''))).faults[0]).toContain(
      'no downgrade',
    );
    expect((await judge(review('irreversible', 'create table a.b ()', ''))).faults).toEqual([]);
  });

  test('that builds an index concurrently can be repeated, or is refused', async () => {
    const build = 'create index concurrently i on a.b (c)';
    const drop = 'drop index concurrently if exists a.i';
    expect((await judge(review('expand', build, drop))).faults[0]).toContain('cannot be repeated');
    expect((await judge(review('expand', `${drop}; ${build}`, drop))).faults).toEqual([]);
    const mixed = `alter table a.b add c int; ${drop}; ${build}`;
    expect((await judge(review('expand', mixed, drop))).faults[0]).toContain('its own revision');
  });

  test('names the columns that its downgrade drops', async () => {
    const { back } = await judge(
      review(
        'expand',
        'alter table a.b add c int; create table a.d ()',
        'alter table a.b drop c; drop table a.d',
      ),
    );
    const drops = [{ table: 'a.b', column: 'c' }, { table: 'a.d' }];
    expect(back).toEqual({ exists: true, drops, loses: [] });
  });
});

async function worst(sql: string): Promise<string> {
  const made = nothingMade();
  const found = new Set<string>();
  for (const statement of await readSql(sql))
    for (const { kind } of effectsOf(statement, made)) found.add(kind);
  return ['unread', 'loses', 'tightens'].find((kind) => found.has(kind)) ?? 'adds';
}

function review(declared: unknown, up: string, back: string) {
  const none = { unread: null, noWayBack: null };
  const file = 'migrations/versions/1.py';
  return { revision: 'r2', down: 'r1', declared, file, sha256: '', up, back, ...none };
}
