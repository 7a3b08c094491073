import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { sweepRunFolders } from '../../src/backups/sweep-run-folders.ts';
import { unlessLost } from '../../src/postgres/lost.ts';
import { sweepTrialDatabases } from '../../src/postgres/sweep-trials.ts';
import { onTrialDatabase } from '../../src/postgres/trial-database.ts';
import { sweepTemporaryFolders } from '../../src/temporary-folder.ts';
import { freshDatabase } from '../setup/database.ts';
import { temporaryFolder } from '../setup/process.ts';
import { takeTestDump } from './backed-up.ts';
import { loginOf } from './login.ts';

const admin = loginOf(inject('postgresUrl'));
const mark = (environment: string) => JSON.stringify({ windlass: 'trial', environment, id: 'x' });

test('a scratch database is gone after success and after failure', async () => {
  const owner = { environment: 'remains', id: 'remains-1' };
  await onTrialDatabase(admin, owner, async () => {
    expect(await databases('remains')).toEqual(['windlass_trial_remains_1']);
  });
  const failing = onTrialDatabase(admin, owner, async () => {
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(await databases('remains')).toEqual([]);
});

test('the next run sweeps what dead runs of its environment left, and nothing else', async () => {
  const live = { environment: 'sweep', id: 'sweep-live' };
  for (const [name, comment] of [
    ['windlass_trial_sweep_dead', mark('sweep')],
    ['windlass_trial_sweep_other', mark('staging')],
    ['windlass_trial_sweep_nobody', 'my own notes'],
    ['windlass_trial_sweep_old', undefined],
  ] as const) {
    await run(`create database ${name}`);
    if (comment) await run(`comment on database ${name} is '${comment}'`);
  }
  await onTrialDatabase(admin, live, async () => {
    const { dropped, unknown } = await sweepTrialDatabases(admin, 'sweep');
    expect(dropped).toEqual(['windlass_trial_sweep_dead']);
    const names = ['windlass_trial_sweep_nobody', 'windlass_trial_sweep_old'];
    expect(unknown).toEqual(expect.arrayContaining(names));
    expect(await databases('sweep_live')).toHaveLength(1);
  });
  for (const name of await databases('sweep')) await run(`drop database ${name}`);
});

test('two runs do not take each other’s scratch database for their own', async () => {
  const owner = { environment: 'twice', id: 'twice' };
  await onTrialDatabase(admin, owner, async () => {
    const second = onTrialDatabase(admin, owner, async () => 'never');
    await expect(second).rejects.toMatchObject({ code: 'TRIAL_DATABASE_BUSY', class: 'retry' });
    expect(await databases('twice')).toHaveLength(1);
  });
});

test.each([
  ['somebody’s notes', 'my own notes'],
  ['another environment', mark('staging')],
  ['another run', JSON.stringify({ windlass: 'trial', environment: 'taken', id: 'else' })],
])('a database of its scratch name that belongs to %s stays', async (_whose, comment) => {
  const name = 'windlass_trial_taken';
  await run(`create database ${name}`);
  await run(`comment on database ${name} is '${comment}'`);
  const trying = onTrialDatabase(admin, { environment: 'taken', id: 'taken' }, async () => 'never');
  await expect(trying).rejects.toMatchObject({ code: 'TRIAL_DATABASE_FOREIGN' });
  expect(await databases('taken')).toEqual([name]);
  await run(`drop database ${name}`);
});

test('one without a mark goes only while it is empty', async () => {
  const owner = { environment: 'bare', id: 'bare' };
  await run('create database windlass_trial_bare');
  await onTrialDatabase(admin, owner, async () => undefined);
  await run('create database windlass_trial_bare');
  const address = Object.assign(new URL(inject('postgresUrl')), {
    pathname: '/windlass_trial_bare',
  });
  await run('create table mine ()', address.href);
  const trying = onTrialDatabase(admin, owner, async () => 'never');
  await expect(trying).rejects.toMatchObject({ code: 'TRIAL_DATABASE_FOREIGN' });
  expect(await databases('bare')).toHaveLength(1);
  await run('drop database windlass_trial_bare');
});

test('a server that goes away during the trial restore is a reason to try again, and nothing stays', async () => {
  await using source = await freshDatabase();
  const login = loginOf(source.url);
  await run(
    'create table public.big as select n, md5(n::text) from generate_series(1, 300000) n',
    source.url,
  );
  const home = await temporaryFolder('remains');
  try {
    const dump = await takeTestDump(login, home, []);
    const trying = unlessLost(dump.tryIt()).catch((error: unknown) => error);
    const name = `windlass_trial_${dump.owner.id}`;
    await cut(name);
    expect(await trying).toMatchObject({ code: 'DATABASE_LOST', class: 'retry' });
    expect(await databases(dump.owner.id)).toEqual([]);
    expect(await dump.tryIt()).toEqual([]);
  } finally {
    await rm(home, { recursive: true });
  }
});

test('what killed processes left in the folder for temporary files goes, a live one’s stays', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const left = await mkdtemp(join(tmpdir(), `windlass-pgpass-${dead}-`));
  const living = await mkdtemp(join(tmpdir(), `windlass-pgpass-${process.pid}-`));
  const another = await mkdtemp(join(tmpdir(), `windlass-mine-${dead}-`));
  await sweepTemporaryFolders();
  expect([left, living, another].map((path) => existsSync(path))).toEqual([false, true, true]);
  await Promise.all([living, another].map((path) => rm(path, { recursive: true })));
});

test('plain dumps that an older Windlass left go, sealed ones after a day', async () => {
  const home = await temporaryFolder('home');
  const at = (name: string) => join(home, 'runs', 'r1', name);
  await mkdir(join(home, 'runs', 'r1'), { recursive: true });
  const names = [
    'database.dump',
    'backup.dump',
    'database.dump.sealed',
    'backup.dump.sealed',
    'log',
  ];
  for (const name of names) await writeFile(at(name), 'x');
  const before = new Date(Date.now() - 25 * 60 * 60_000);
  await utimes(at('database.dump.sealed'), before, before);
  await sweepRunFolders(home);
  expect((await readdir(join(home, 'runs', 'r1'))).sort()).toEqual(['backup.dump.sealed', 'log']);
  await rm(home, { recursive: true });
});

/** Ends pg_restore's session once it copies rows, as a restart of the server would. */
async function cut(database: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  const end = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = '${database}' and query like 'COPY%' and application_name = 'windlass'`;
  // One connection for all looks: the copy is over in less than it takes to open many.
  const ended = async () => (await client.query(end)).rows.length;
  await expect.poll(ended, { timeout: 20_000, interval: 1 }).toBeGreaterThan(0);
  await client.end();
}

async function databases(part: string): Promise<readonly string[]> {
  const like = `windlass\\_trial\\_%${part}%`;
  const rows = await run(`select datname from pg_database where datname like '${like}' order by 1`);
  return rows.map(({ datname }) => String(datname));
}

async function run(text: string, address = inject('postgresUrl')) {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
