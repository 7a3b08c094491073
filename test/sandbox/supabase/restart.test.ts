import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { postgresBin } from '../../../sandbox/supabase/binaries.ts';
import { healthy, opened, openStandIn, readyProject } from './stand-in.ts';

const run = promisify(execFile);
const standInFile = join(import.meta.dirname, 'stand-in.ts');
const email = 'ann@example.com';
const password = 'long-enough';

it('keeps rows, users, keys and addresses over a restart, and leaves no process behind', async () => {
  const first = await openStandIn();
  const before = await readyProject(first.api);
  await before.sql('create table public.kept (id int); insert into kept values (7)');
  await before.door('POST', '/auth/v1/admin/users', {
    key: before.service,
    body: { email, password, email_confirm: true },
  });
  await first.close();
  expect((await run('ps', ['-eo', 'args'])).stdout).not.toContain(first.folder);

  await using second = await openStandIn(first.folder);
  await healthy(second.api, before.ref);
  const after = await opened(second.api, before.ref);
  const { ref, url, db, anon, service } = after;
  expect({ ref, url, db, anon, service }).toEqual({
    ref: before.ref,
    url: before.url,
    db: before.db,
    anon: before.anon,
    service: before.service,
  });
  expect((await after.sql('select id from kept')).body).toEqual([{ id: 7 }]);
  const path = '/auth/v1/token?grant_type=password';
  const signedIn = await after.door('POST', path, { body: { email, password } });
  expect(signedIn.status).toBe(200);

  await second.api('POST', `/v1/projects/${ref}/pause`);
  const status = async (): Promise<unknown> =>
    Object((await second.api('GET', `/v1/projects/${ref}`)).body).status;
  await expect.poll(status).toBe('INACTIVE');
  expect((await after.door('GET', '/rest/v1/kept')).status).toBe(540);
  await second.api('POST', `/v1/projects/${ref}/restore`);
  await healthy(second.api, ref);
  expect((await after.sql('select id from kept')).body).toEqual([{ id: 7 }]);
});

it('opens again after it was killed, with every committed row', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-supabase-'));
  const script = `
    const { openStandIn, readyProject } = await import(${JSON.stringify(standInFile)});
    const { api } = await openStandIn(${JSON.stringify(folder)});
    const project = await readyProject(api);
    await project.sql('create table public.kept (id int); insert into kept values (7)');
    process.stdout.write(project.ref);`;
  const args = ['--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [ref] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  await using again = await openStandIn(folder);
  await healthy(again.api, String(ref));
  const project = await opened(again.api, String(ref));
  expect((await project.sql('select id from kept')).body).toEqual([{ id: 7 }]);
});

it.for(['postgres -D', 'postgrest'])(
  'starts a killed %s again by itself, on the same port, with every committed row',
  async (program) => {
    await using standIn = await openStandIn();
    const project = await readyProject(standIn.api);
    await project.sql('create table public.kept (id int); insert into kept values (7)');
    await project.sql('grant select on public.kept to service_role');
    const rows = async () => (await project.sql('select id from kept')).body;
    await kill(program);
    await expect.poll(rows, { timeout: 30_000 }).toEqual([{ id: 7 }]);
    const rest = async () =>
      (await project.door('GET', '/rest/v1/kept', { key: project.service })).body;
    await expect.poll(rest, { timeout: 30_000 }).toEqual([{ id: 7 }]);
    expect((await opened(standIn.api, project.ref)).db).toEqual(project.db);
  },
);

/** Kills the child of this process that runs a program, without a word. */
async function kill(program: string): Promise<void> {
  const { stdout } = await run('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']);
  const [line] = stdout.split('\n').filter((one) => one.includes(program));
  process.kill(Number(line?.trim().split(' ')[0]), 'SIGKILL');
}

it('refuses tables of one owner under the fault `migrate`, unseen by pg_dump', async () => {
  await using standIn = await openStandIn();
  const project = await readyProject(standIn.api);
  await project.sql(`create role habits_owner; grant habits_owner to postgres;
    create schema habits authorization habits_owner; create table public.kept (id int)`);
  const create = (): Promise<{ status: number }> =>
    project.sql('set role habits_owner; create table habits.days (id int)');
  const dump = async (): Promise<string> => {
    const { host, port } = project.db;
    const address = `postgres://postgres:owner-password@${host}:${port}/postgres`;
    const args = ['--no-comments', '--restrict-key=same', address];
    return (await run(join(postgresBin(), 'pg_dump'), args)).stdout;
  };
  const before = await dump();
  expect(before).toContain('CREATE TABLE public.kept');
  expect(before).not.toContain('EVENT TRIGGER');

  standIn.world.faults.set('migrate', { service: 'habits' });
  await standIn.supabase.faultsChanged();
  expect((await create()).status).toBe(400);
  expect((await project.sql('create table public.other (id int); drop table other')).status).toBe(
    201,
  );
  expect(await dump()).toBe(before);

  standIn.world.faults.delete('migrate');
  await standIn.supabase.faultsChanged();
  expect((await create()).status).toBe(201);
});
