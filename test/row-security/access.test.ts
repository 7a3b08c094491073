import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Access } from '../../src/row-security/access-file.ts';
import { probeAccess } from '../../src/row-security/probe-access.ts';
import type { Person } from '../../src/row-security/probe-access.ts';
import { generateLink, signIn, verify } from '../../src/supabase/auth.ts';
import type { Door } from '../../src/supabase/door.ts';
import { openStandIn, readyProject } from '../sandbox/supabase/stand-in.ts';
import type { ReadyProject, StandIn } from '../sandbox/supabase/stand-in.ts';

const selectOwn = { authenticated: { select: 'own' } };
const login = { user: 'postgres', database: 'postgres', password: 'owner-password' };
let standIn: StandIn;
let project: ReadyProject;
let door: Door;
let people: readonly Person[];

beforeAll(async () => {
  standIn = await openStandIn();
  project = await readyProject(standIn.api);
  door = { url: project.url, anonKey: project.anon, serviceRoleKey: project.service };
  people = [await person('ada@example.test'), await person('bob@example.test')];
}, 120_000);
afterAll(() => standIn[Symbol.asyncDispose]());

describe('the probe of the REST door', () => {
  test('passes what refuses everybody, by grants or by policies, and what is declared', async () => {
    await sql(`${table('sealed')} revoke all on sealed from anon, authenticated;
      ${table('closed')}
      ${table('mine')} revoke all on mine from anon, authenticated;
      grant select on mine to authenticated;
      create policy own on mine for select to authenticated using (user_id = auth.uid());
      create function quiet() returns int language sql as 'select 1';
      revoke execute on function quiet() from public, anon, authenticated;`);
    const seen = await probe({ tables: { 'public.mine': selectOwn } });
    expect(seen).toEqual({ relations: 3, routines: 1, cells: 39, allowed: 2, wrong: [] });
    await sql('drop table sealed, closed, mine; drop function quiet');
  });

  test('names every cell that is open and not declared, of tables, views and functions', async () => {
    await sql(`${table('leaky')} alter table leaky disable row level security;
      revoke insert, update, delete on leaky from anon, authenticated;
      ${table('inner_rows')} revoke all on inner_rows from anon, authenticated;
      create view window_on with (security_barrier) as select * from inner_rows;
      revoke all on window_on from authenticated, anon; grant select on window_on to anon;
      create function lever(n int) returns int language sql volatile as 'select n';
      revoke execute on function lever from public, anon;`);
    expect((await probe({})).wrong).toEqual([
      'select of public.leaky as anon is not refused: HTTP 200',
      'select of public.window_on as anon is not refused: HTTP 200',
      'select of public.leaky as user 1 is not refused: HTTP 200',
      'execute of public.lever as user 1 is not refused: HTTP 200',
      'select of public.leaky as user 2 is not refused: HTTP 200',
      'execute of public.lever as user 2 is not refused: HTTP 200',
    ]);
    await sql('drop view window_on; drop table leaky, inner_rows; drop function lever');
  });

  test('looks into every schema that the door exposes', async () => {
    await sql(`create schema second; grant usage on schema second to anon, authenticated;
      ${table('second.leaky')} alter table second.leaky disable row level security;
      grant select on second.leaky to anon;
      create view second.pane as select user_id from second.leaky;
      grant select on second.pane to anon;
      create function second.lever() returns int language sql as 'select 1';
      revoke execute on function second.lever() from public;
      grant execute on function second.lever() to anon;`);
    const path = `/v1/projects/${project.ref}/postgrest`;
    await standIn.api('PATCH', path, { db_schema: 'public, second' });
    expect((await probe({}, ['public', 'second'])).wrong).toEqual([
      'select of second.leaky as anon is not refused: HTTP 200',
      'select of second.pane as anon is not refused: HTTP 200',
      'execute of second.lever as anon is not refused: HTTP 200',
    ]);
    const declared = {
      tables: {
        'second.leaky': { anon: { select: 'all' } },
        'second.pane': { anon: { select: 'all' } },
      },
      functions: { 'second.lever': ['anon'] },
    };
    expect((await probe(declared, ['public', 'second'])).wrong).toEqual([]);
    await sql('drop schema second cascade');
    await standIn.api('PATCH', path, { db_schema: 'public' });
  });

  test('sees a policy that shows or changes the rows of the other user', async () => {
    await sql(`${table('swapped')} revoke all on swapped from anon, authenticated;
      grant select, update on swapped to authenticated;
      create policy everything on swapped to authenticated using (true) with check (true);`);
    const cells = { authenticated: { select: 'own', update: 'own' } };
    expect((await probe({ tables: { 'public.swapped': cells } })).wrong).toEqual([
      'select of public.swapped as user 1 reads 1 rows of other users',
      'update of public.swapped as user 1 reads 1 rows of other users',
      'select of public.swapped as user 2 reads 1 rows of other users',
      'update of public.swapped as user 2 reads 1 rows of other users',
    ]);
    await sql('drop table swapped');
  });

  test('is not content with an empty table where a policy would show its rows', async () => {
    await sql(`${table('hollow')} delete from hollow;
      create policy anybody on hollow for select using (true);
      revoke all on hollow from anon, authenticated; grant select on hollow to anon;`);
    const wrong = ['select of public.hollow as anon is not refused: HTTP 200'];
    expect((await probe({})).wrong).toEqual(wrong);
    expect((await probe({ tables: { 'public.hollow': selectOwn } })).wrong).toEqual([
      ...wrong,
      'select of public.hollow as user 1 is declared and refused: HTTP 403',
      'select of public.hollow as user 2 is declared and refused: HTTP 403',
    ]);
    await sql('drop table hollow');
  });
});

/** A table with row security, no policy, everybody's grants, and a row of each user. */
function table(name: string): string {
  const rows = people.map(({ userId }) => `('${userId}')`).join(', ');
  return `create table ${name} (user_id uuid, note text);
    alter table ${name} enable row level security, force row level security;
    insert into ${name} (user_id) values ${rows};`;
}

async function sql(query: string): Promise<void> {
  const { status, body } = await project.sql(`${query}; notify pgrst, 'reload schema'`);
  expect(status, JSON.stringify(body)).toBe(201);
}

function probe(access: unknown, schemas: readonly string[] = ['public']) {
  const at = { ...login, ...project.db };
  const declared = Access.parse(access);
  return probeAccess({ login: at, door, access: declared, schemas, people });
}

async function person(email: string): Promise<Person> {
  const credentials = { email, password: 'correct horse battery' };
  const { tokenHash } = await generateLink(door, { ...credentials, type: 'signup' });
  await verify(door, { token_hash: tokenHash, type: 'signup' });
  const session = await signIn(door, credentials);
  if (!session.signedIn) throw new Error(session.code);
  return session;
}
