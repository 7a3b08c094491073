import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from '../../activities/supabase.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const deploy = {
  environment: 'production',
  actor: 'test',
  approval: 'auto',
  runId: 'run',
} as const;
const nothing = {
  ...{ ref: null, settings: {}, exposedSchemas: [], sslEnforced: null, schemas: [] },
};
let clouds: TwoClouds;
let live: Awaited<ReturnType<TwoClouds['foreignProject']>>;

beforeAll(async () => {
  clouds = await openTwoClouds();
  live = await clouds.foreignProject();
  await live.sql('create schema users; create table users.them (id int)');
  await live.sql('insert into users.them values (7)');
}, 120_000);
afterAll(() => clouds.close());

test('a project that somebody made while the run worked is left alone, and named', async () => {
  clouds.door.writes();
  const { kept } = await restoreSupabase({ ...deploy, supabaseBefore: nothing }, clouds.work());
  expect(kept).toEqual([expect.stringContaining(`(${live.ref}): not the one of this run`)]);
  expect(clouds.door.writes()).toEqual([]);
  expect((await live.sql('select id from users.them')).body).toEqual([{ id: 7 }]);
});

test('so is one that stands where the run saw another', async () => {
  clouds.door.writes();
  const supabaseBefore = { ...nothing, ref: 'a'.repeat(20) };
  const { kept } = await restoreSupabase({ ...deploy, supabaseBefore }, clouds.work());
  expect(kept).toEqual([expect.stringContaining(`it saw ${'a'.repeat(20)}`)]);
  expect(clouds.door.writes()).toEqual([]);
});

test('of what came since the look only the run’s own roles and schemas go', async () => {
  await live.sql('drop schema users cascade');
  const asked = { ...deploy, accept: ['supabase-project:wellness-production'] };
  await bootstrapSupabase(asked, clouds.work());
  await live.sql('drop schema habits, meals, users; drop owned by habits_owner cascade');
  await live.sql('drop role habits_owner; create role habits_owner');
  await live.sql('grant habits_owner to postgres; create schema habits authorization habits_owner');
  await live.sql('create schema meals; create table habits.theirs ()');
  const seen = await observeSupabase(deploy, clouds.work());
  const before = { ...seen.supabaseBefore, schemas: ['meals'] };
  const { kept } = await restoreSupabase({ ...asked, supabaseBefore: before }, clouds.work());
  expect(kept).toEqual([expect.stringContaining('schema habits: no mark of this run')]);
  const schemas = await live.sql(`select nspname as name from pg_namespace
    where nspname in ('habits', 'meals', 'users', 'journal') order by 1`);
  expect(schemas.body).toEqual([{ name: 'habits' }, { name: 'meals' }]);
  expect(await roles('habits')).toEqual(['habits_owner']);
  expect(await roles('journal')).toEqual([]);
});

test('a role that another run made stays, with what it owns', async () => {
  await bootstrapSupabase({ ...deploy, runId: 'older' }, clouds.work());
  await live.sql('set role journal_owner; create table journal.t (); reset role');
  const seen = await observeSupabase(deploy, clouds.work());
  const supabaseBefore = { ...seen.supabaseBefore, schemas: [] };
  const { kept } = await restoreSupabase({ ...deploy, supabaseBefore }, clouds.work());
  expect(kept).toEqual(
    expect.arrayContaining([expect.stringContaining('schema journal: no mark of this run')]),
  );
  expect(await roles('journal')).toEqual(['journal_owner', 'journal_service']);
  const unfinished = { runId: 'older', kind: 'deploy', actor: 'test', steps: [], facts: undefined };
  await restoreSupabase({ ...deploy, unfinished, supabaseBefore }, clouds.work());
  expect(await roles('journal')).toEqual([]);
});

async function roles(service: string): Promise<readonly unknown[]> {
  const query = `select rolname as name from pg_roles where rolname like '${service}\\_%' order by 1`;
  const { body } = await live.sql(query);
  return Array.isArray(body) ? body.map(({ name }) => name) : [body];
}
