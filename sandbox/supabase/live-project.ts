import { join } from 'node:path';
import pg from 'pg';
import { accessRulesFile, writeAccessRules } from './postgres/access-rules.ts';
import { type Cluster, startCluster } from './postgres/cluster.ts';
import { newCluster } from './postgres/new-cluster.ts';
import { passableFolder } from './postgres/own-folder.ts';
import type { ProjectRecord } from './record.ts';
import { type Postgrest, startPostgrest } from './rest/postgrest.ts';
import { type ServerFiles, ensureServerFiles } from './tls/authority.ts';
import { held } from '../../src/held.ts';

/** The processes and connections of one project that is up. */
export interface LiveProject {
  readonly cluster: Cluster;
  /** Connections of the Auth face, as `supabase_auth_admin`. */
  readonly authPool: pg.Pool;
  /** Undefined until PostgREST serves: a project is healthy before it is ready. */
  rest(): Postgrest | undefined;
  startRest(record: ProjectRecord): Promise<void>;
  /** Resolves once one of its processes has ended that nobody had told to. */
  readonly died: Promise<void>;
  stop(): Promise<void>;
}

/** Brings up the project's Postgres, from the template where it is new; PostgREST comes later. */
export async function startProject(
  record: ProjectRecord,
  supabaseFolder: string,
  template: string,
): Promise<LiveProject> {
  const folder = join(supabaseFolder, record.ref);
  await passableFolder(folder);
  const data = join(folder, 'data');
  await newCluster(template, data, record.passwords);
  const tls = await ensureServerFiles(supabaseFolder, record.ref);
  await writeAccessRules(folder, record);
  const cluster = await startCluster({
    data,
    log: join(folder, 'postgres.log'),
    wantedPort: record.ports.database,
    adminPassword: record.passwords['supabase_admin'] ?? '',
    settings: { ...postgresSettings(record), ...tlsSettings(folder, tls) },
  });
  return live(cluster, authPool(record, cluster.port), join(folder, 'postgrest.log'));
}

function live(cluster: Cluster, pool: pg.Pool, restLog: string): LiveProject {
  let rest: Postgrest | undefined;
  let stopped = false;
  const death = Promise.withResolvers<void>();
  async function stopRest(): Promise<void> {
    const ending = rest;
    rest = undefined;
    await ending?.stop();
  }
  void held(cluster.ended.then(() => stopped || death.resolve()));
  return {
    cluster,
    authPool: pool,
    died: death.promise,
    rest: () => rest,
    async startRest(record) {
      await stopRest();
      if (stopped) return;
      const started = await startPostgrest(record, cluster.port, restLog);
      rest = started;
      void held(started.ended.then(() => rest !== started || death.resolve()));
    },
    async stop() {
      stopped = true;
      await stopRest();
      await pool.end();
      await cluster.stop();
    },
  };
}

function authPool(record: ProjectRecord, port: number): pg.Pool {
  const pool = new pg.Pool({
    host: '127.0.0.1',
    port,
    user: 'supabase_auth_admin',
    password: record.passwords['supabase_auth_admin'] ?? '',
    database: 'postgres',
    max: 3,
  });
  pool.on('error', () => undefined);
  return pool;
}

function tlsSettings(folder: string, tls: ServerFiles): Record<string, string> {
  const files = { ssl_cert_file: tls.certificate, ssl_key_file: tls.key };
  return { ssl: 'on', ...files, hba_file: accessRulesFile(folder) };
}

function postgresSettings(record: ProjectRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record.postgres).map(([name, value]) => [name, String(value)]),
  );
}
