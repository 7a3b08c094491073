import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { postgresBin } from '../../sandbox/supabase/binaries.ts';
import { runCommand } from '../../sandbox/supabase/child.ts';
import { ownFolder } from '../../sandbox/supabase/postgres/own-folder.ts';
import { unprivileged } from '../../sandbox/supabase/run-as.ts';
import { background, freePort, temporaryFolder, untilReady } from './process.ts';

const unsafeButFast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts an empty Postgres 17 on a free port of 127.0.0.1; it ends with us, however we end. */
export async function startPostgres() {
  const folder = await temporaryFolder('postgres');
  await ownFolder(folder);
  const programs = await reachablePrograms(folder);
  const data = join(folder, 'data');
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  await runCommand(unprivileged(join(programs, 'initdb'), [...initialise, '--no-sync']));
  const port = await freePort();
  const settings = [...unsafeButFast, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  const server = unprivileged(join(programs, 'postgres'), [
    ...['-D', data, '-p', String(port)],
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  const running = background(server.file, server.args, { cwd: '/' });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilReady(running, () => answers(url));
  const stop = async () => {
    await running.stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

/** As root, a copy: Postgres then runs as a user who may not enter the folder of the project. */
async function reachablePrograms(folder: string): Promise<string> {
  if (process.getuid?.() !== 0) return postgresBin();
  await cp(dirname(postgresBin()), join(folder, 'programs'), { recursive: true });
  return join(folder, 'programs', 'bin');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
  return true;
}
