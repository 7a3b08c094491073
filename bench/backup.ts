import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { scansOfProof } from './scans.ts';
import { postgresProgram } from '../src/postgres/programs.ts';
import type { TableContent } from '../src/postgres/content-digest.ts';
import { projectDatabase, query } from '../test/examples/database.ts';
import { takeTestDump } from '../test/postgres/backed-up.ts';
import { loginOf } from '../test/postgres/login.ts';
import { temporaryFolder } from '../test/setup/process.ts';

// A backup with its trial restore and digests beside `pg_dump | pg_restore` by hand, on the same
// database: 400,000 rows are 150 MB, `--rows 5500000` are 2 GB.
const { values } = parseArgs({ options: { rows: { type: 'string', default: '400000' } } });

const database = await projectDatabase();
const folder = await temporaryFolder('bench');
const admin = database.urlOf('postgres');
let memory = 0;
let content: readonly TableContent[] = [];
const watching = setInterval(() => (memory = Math.max(memory, process.memoryUsage().rss)), 50);
try {
  await fill(Number(values.rows));
  const [size] = await query(admin, 'select pg_database_size(current_database()) as bytes');
  say(`${Math.round(Number(size?.['bytes']) / 2 ** 20)} MiB, load ${loadavg()[0]?.toFixed(1)}`);
  const [hand, ours] = [await seconds(byHand), await seconds(backUp)];
  say(
    `by hand ${hand.toFixed(1)} s, backup ${ours.toFixed(1)} s: ${(ours / hand).toFixed(2)} times`,
  );
  say(`memory of this process: ${Math.round(memory / 2 ** 20)} MiB`);
  const { seconds: proving, scans } = await scansOfProof(admin, content);
  say(
    `a migration that writes the table, proven up, down and up: ${scans} scans of it in ${proving.toFixed(1)} s`,
  );
} finally {
  clearInterval(watching);
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}

async function fill(rows: number): Promise<void> {
  await query(
    admin,
    `create table journal.big as select n as id, gen_random_uuid() as user_id, now() as at,
      md5(n::text) || md5((n * 7)::text) || repeat(md5((n * 3)::text), 4) as body,
      jsonb_build_object('n', n, 'x', md5(n::text)) as doc from generate_series(1, ${rows}) n`,
  );
  await query(admin, 'alter table journal.big add primary key (id)');
  await query(admin, 'create index on journal.big (user_id)');
}

async function byHand(): Promise<void> {
  await query(admin, 'create database hand template template0');
  const dump = spawn(postgresProgram('pg_dump'), ['--format=custom', '--compress=1', admin]);
  const into = `--dbname=${admin.replace(/postgres$/, 'hand')}`;
  const args = ['--no-owner', '--no-privileges', into];
  const stdio = ['pipe', 'ignore', 'ignore'] as const;
  const restore = spawn(postgresProgram('pg_restore'), args, { stdio: [...stdio] });
  if (restore.stdin) dump.stdout.pipe(restore.stdin);
  await once(restore, 'close');
  await query(admin, 'drop database hand');
}

async function backUp(): Promise<void> {
  const dump = await takeTestDump(loginOf(admin), folder, ['journal']);
  await dump.tryIt();
  content = dump.picture.content;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = Date.now();
  await work();
  return (Date.now() - begun) / 1000;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
