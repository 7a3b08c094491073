import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import type { ProjectRecord, Settings } from '../record.ts';
import type { Room } from '../room.ts';
import { type Env, projectOf } from './session.ts';

/**
 * The configuration as a whole, an alpha of the API that Supabase's own command line reads for
 * `config diff`, `pull` and `push`. What the sandbox does not have stands at the platform's default.
 */
export function wholeConfigRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v2/projects/:ref/config', (call) => {
    const record = projectOf(room, call);
    const attributes = {
      database: database(record),
      pooler: pooler(record),
      auth: hidden(record),
      api: { ...record.postgrest, db_pool_acquisition_timeout: 10 },
      ...{ realtime, storage },
    };
    return call.json({ data: { type: 'project_config', id: record.ref, attributes } });
  });
  app.get('/v1/projects/:ref/config/storage', (call) => {
    projectOf(room, call);
    return call.json(storage);
  });
}

function database({ ssl, network, createdAt, postgres }: ProjectRecord): object {
  const ranges = [
    ...network.dbAllowedCidrs.map((address) => ({ address, type: 'v4' })),
    ...network.dbAllowedCidrsV6.map((address) => ({ address, type: 'v6' })),
  ];
  const at = network.appliedAt ?? createdAt;
  const states = { entitlement: 'allowed', status: 'applied', updated_at: at, applied_at: at };
  return {
    major_version: 17,
    ssl_enforced: ssl,
    network_restrictions: { ...states, allowed_cidrs: ranges },
    postgres_settings: postgres,
  };
}

function pooler({ poolSize }: ProjectRecord): object {
  return {
    pool_mode: 'session',
    ignore_startup_parameters: '',
    server_idle_timeout: 600,
    server_lifetime: 3600,
    query_wait_timeout: 120,
    reserve_pool_size: 0,
    default_pool_size: poolSize ?? 15,
    max_client_conn: 60,
  };
}

/** A secret is answered as an HMAC of its value. */
function hidden({ auth, jwtSecret }: ProjectRecord): Settings {
  const hmac = (value: string): string =>
    createHmac('sha256', jwtSecret).update(value).digest('hex');
  return Object.fromEntries(
    Object.entries(auth).map(([name, value]) => [
      name,
      typeof value === 'string' && isSecret.test(name) ? hmac(value) : value,
    ]),
  );
}

const isSecret = /_secrets?$|_pass$|_auth_token$|_access_key$|_api_key$|_api_secret$/;

const realtime = {
  private_only: false,
  connection_pool: null,
  max_concurrent_users: 200,
  max_events_per_second: 100,
  max_bytes_per_second: 100_000,
  max_channels_per_client: 100,
  max_joins_per_second: 100,
  max_presence_events_per_second: 100,
  max_payload_size_in_kb: 3000,
  presence_enabled: false,
  postgres_changes_pool: null,
  suspend: false,
};

const storage = {
  fileSizeLimit: 52_428_800,
  file_size_limit: 52_428_800,
  features: {
    image_transformation: { enabled: false },
    s3_protocol: { enabled: false },
    purge_cache: { enabled: false },
    iceberg_catalog: { enabled: false, max_namespaces: 0, max_tables: 0, max_catalogs: 0 },
    vector_buckets: { enabled: false, max_buckets: 0, max_indexes: 0 },
  },
  capabilities: { list_v2: false, iceberg_catalog: false },
  upstream_target: 'main',
  migration_version: '',
  database_pool_mode: 'session',
};
