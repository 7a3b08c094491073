import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type Child, runCommand, startChild } from '../child.ts';
import { endOrphans } from './orphans.ts';
import { freePort } from '../ports.ts';
import { unprivileged } from '../run-as.ts';
import { serverPrograms } from './server-programs.ts';
import { until } from '../until.ts';
import { held } from '../../../src/held.ts';

/** A running Postgres of one project. */
export interface Cluster {
  readonly port: number;
  /** Resolves once the server has ended, however it did. */
  readonly ended: Promise<unknown>;
  /** Ends every session, then the server, as `pg_ctl stop -m fast` does. */
  stop(): Promise<void>;
}

/** How a cluster is to run; `wantedPort` is taken where it is free. */
export interface ClusterOptions {
  readonly data: string;
  readonly log: string;
  readonly wantedPort?: number | undefined;
  readonly adminPassword: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const START_LIMIT_MS = 60_000;
const PORT_TRIES = 3;
const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '60', // as Supabase's Micro compute
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts Postgres on a data folder; a server that an earlier run left behind is stopped first. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await stopLeftover(options.data);
  for (let attempt = 1; attempt <= PORT_TRIES; attempt += 1) {
    const cluster = await tryStart(options, await freePort(attempt === 1 ? options.wantedPort : 0));
    if (cluster !== undefined) return cluster;
  }
  throw new Error(`Postgres did not start on ${options.data}: see ${options.log}`);
}

async function tryStart(options: ClusterOptions, port: number): Promise<Cluster | undefined> {
  const settings = { ...defaults, ...options.settings, port: `${port}` };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = unprivileged(join(serverPrograms(), 'postgres'), ['-D', options.data, ...flags]);
  const child = startChild(command, options.log, process.env);
  let ended = false;
  void held(child.ended.then(() => (ended = true)));
  await until(async () => ended || (await answers(port, options.adminPassword)), START_LIMIT_MS);
  if (!ended && (await answers(port, options.adminPassword))) return running(child, port);
  await child.stop('SIGINT');
  return undefined;
}

function running(child: Child, port: number): Cluster {
  return { port, ended: child.ended, stop: () => child.stop('SIGINT') };
}

async function answers(port: number, password: string): Promise<boolean> {
  const user = 'supabase_admin';
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === undefined) return;
  const pgCtl = join(serverPrograms(), 'pg_ctl');
  await runCommand(unprivileged(pgCtl, ['stop', '-D', data, '-m', 'fast', '-w'])).catch(() => '');
  await endOrphans(data); // before its file goes: that is what keeps two servers off one folder
  await rm(pidFile, { force: true });
}

function readPid(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}
