import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { postgrestBinary } from '../binaries.ts';
import { type Child, startChild } from '../child.ts';
import { freePort } from '../ports.ts';
import { tethered } from '../run-as.ts';
import type { ProjectRecord } from '../record.ts';
import { restSecret } from '../signing.ts';
import { until } from '../until.ts';
import { held } from '../../../src/held.ts';

/** A running PostgREST of one project. */
export interface Postgrest {
  /** Where it answers: who asks for a key stands before it, so no port leads past him. */
  readonly socket: string;
  readonly adminPort: number;
  /** True when it has read the schema and its database answers. */
  ready(): Promise<boolean>;
  /** Resolves once it has ended, however it did. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 30_000;
const POOL = 3;

/** Starts PostgREST beside the project's Postgres; comes back when it serves. */
export async function startPostgrest(
  record: ProjectRecord,
  databasePort: number,
  log: string,
): Promise<Postgrest> {
  const adminPort = await freePort(record.ports.restAdmin);
  const env = { ...settings(record, databasePort), ...listening(adminPort) };
  const all = { PATH: process.env['PATH'], ...env };
  const folder = dirname(log);
  const child = startChild(tethered(postgrestBinary(), []), log, all, folder);
  const rest = running(child, folder, adminPort);
  let ended = false;
  void held(child.ended.then(() => (ended = true)));
  await until(async () => ended || (await rest.ready()), READY_LIMIT_MS);
  return rest;
}

/** The environment that makes PostgREST serve the project as its settings say. */
function settings(record: ProjectRecord, databasePort: number): NodeJS.ProcessEnv {
  const password = record.passwords['authenticator'] ?? '';
  const { db_schema, max_rows, db_extra_search_path, db_pool } = record.postgrest;
  return {
    PGRST_DB_URI: `postgres://authenticator:${password}@127.0.0.1:${databasePort}/postgres`,
    PGRST_DB_SCHEMAS: db_schema,
    PGRST_DB_EXTRA_SEARCH_PATH: db_extra_search_path,
    PGRST_DB_MAX_ROWS: `${max_rows}`,
    PGRST_DB_POOL: `${Math.min(db_pool ?? POOL, POOL)}`,
    PGRST_DB_ANON_ROLE: 'anon',
    PGRST_JWT_SECRET: restSecret(record),
    PGRST_LOG_LEVEL: 'warn',
  };
}

const socketName = 'rest.sock'; // in its own folder: a path of a socket has 107 characters at most

function listening(adminPort: number): NodeJS.ProcessEnv {
  return {
    PGRST_SERVER_HOST: '127.0.0.1', // of the port that says whether it is ready, and nothing else
    PGRST_SERVER_UNIX_SOCKET: socketName,
    PGRST_SERVER_UNIX_SOCKET_MODE: '600',
    PGRST_ADMIN_SERVER_PORT: `${adminPort}`,
  };
}

function running(child: Child, folder: string, adminPort: number): Postgrest {
  const open = openSync(folder, 'r');
  void held(child.ended.then(() => closeSync(open)));
  const socket = `/proc/self/fd/${open}/${socketName}`;
  const stop = (): Promise<void> => child.stop('SIGTERM');
  return { socket, adminPort, ready: () => ready(adminPort), ended: child.ended, stop };
}

async function ready(adminPort: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/ready`).catch(() => undefined);
  return answer?.ok ?? false;
}
