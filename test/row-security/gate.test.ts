import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Login } from '../../src/postgres/connect.ts';
import { findOpenRows } from '../../src/row-security/find-open-rows.ts';
import { rules } from '../../src/row-security/rules.ts';
import { projectDatabase, query } from '../examples/database.ts';
import type { ProjectDatabase } from '../examples/database.ts';

let database: ProjectDatabase;
let login: Login;
const ownersRights = `returns int language sql security definer as 'select 1'`;
const functionName = 'twins.twins(integer,text[])';
const sql = (text: string) => query(database.urlOf('postgres'), text);

beforeAll(async () => {
  database = await projectDatabase();
  const url = new URL(database.urlOf('postgres'));
  const { hostname: host, password, username: user } = url;
  login = { host, port: Number(url.port), user, password, database: 'postgres' };
});
afterAll(() => database.stop());

describe('the gate of row security', () => {
  test('finds nothing in a fresh project, and leaves nothing of its proof', async () => {
    expect(await findOpenRows(login, ['public', 'users'])).toEqual([]);
    expect(await sql(`select from pg_namespace where nspname = 'windlass_gate'`)).toEqual([]);
  });

  test.each(rules)('reports a breach of $id', async ({ id, planted }) => {
    await sql('create schema open_rows');
    await sql(planted.replaceAll('windlass_gate', 'open_rows'));
    const found = await findOpenRows(login, ['open_rows']);
    expect(found.map(({ rule }) => rule)).toContain(id);
    expect(await findOpenRows(login, ['public'])).toEqual([]);
    await sql('drop schema open_rows cascade');
  });

  test.each([
    [
      'a table as it should be',
      `create table fine.a (user_id uuid);
       alter table fine.a enable row level security, force row level security;
       create policy own on fine.a to authenticated using (user_id = auth.uid());
       grant select on fine.a to authenticated`,
    ],
    [
      'a view with the rights of its reader, and a policy that only its owner has',
      `create table fine.b (id int);
       alter table fine.b enable row level security, force row level security;
       create policy mover on fine.b to postgres using (true) with check (true);
       create view fine.v with (security_invoker = on) as select id from fine.b;
       grant select on fine.v to anon`,
    ],
    [
      'a function with the rights of its owner that nobody outside may call',
      `create function fine.f() returns int language sql security definer as 'select 1';
       revoke execute on function fine.f() from public`,
    ],
  ])('says nothing about %s', async (_name, text) => {
    await sql(`create schema fine; ${text}`);
    expect(await findOpenRows(login, ['fine'])).toEqual([]);
    await sql('drop schema fine cascade');
  });

  test.each([
    ['twins', 'create table twins.twins (id int)', 'twins.twins'],
    ['Odd', 'create table "Odd"."Odd.b" (id int)', 'Odd.Odd.b'],
    ['twins', `create function twins.twins(a int, text[]) ${ownersRights}`, functionName],
    ['Odd', `create function "Odd".f() ${ownersRights}`, 'Odd.f()'],
  ])('in the schema %s names what `%s` makes %s', async (schema, text, object) => {
    await sql(`create schema "${schema}"; ${text}`);
    const found = await findOpenRows(login, [schema]);
    expect(found.map((one) => one.object)).toEqual([object]);
    await sql(`drop schema "${schema}" cascade`);
  });

  test('names a policy by schema, table and policy where the table is called as its schema', async () => {
    await sql(`create schema twins; create table twins.twins (id int);
      alter table twins.twins enable row level security, force row level security;
      create policy anybody on twins.twins using (true)`);
    const found = await findOpenRows(login, ['twins']);
    expect(found.map((one) => one.object)).toEqual(['twins.twins.anybody']);
    await sql('drop schema twins cascade');
  });

  test('fails itself when a rule does not see what was planted for it', async () => {
    const blind = rules.map((rule) =>
      rule.id === 'policy-always-true' ? { ...rule, query: `${rule.query} and false` } : rule,
    );
    await expect(findOpenRows(login, ['public'], blind)).rejects.toMatchObject({
      code: 'ROW_SECURITY_GATE_BLIND',
      why: 'no finding by policy-always-true',
    });
  });
});
