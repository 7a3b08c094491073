import type { Hono } from 'hono';
import { z } from 'zod';
import { directHost } from '../database-doors/direct-host.ts';
import { applyAccessRules, restartProject } from '../life.ts';
import type { ProjectRecord } from '../record.ts';
import { change, type Room } from '../room.ts';
import { bodyOf, type Env, projectOf } from './session.ts';
import { held } from '../../../src/held.ts';

const Cidrs = z.object({
  dbAllowedCidrs: z.string().array().optional(),
  dbAllowedCidrsV6: z.string().array().optional(),
});
const CidrChange = z.strictObject({ add: Cidrs.optional(), remove: Cidrs.optional() });
const Ssl = z.strictObject({ requestedConfig: z.strictObject({ database: z.boolean() }) });
const PostgresChange = z.looseObject({ restart_database: z.boolean().optional() });
const PoolerChange = z.strictObject({
  default_pool_size: z.int().min(0).max(3000).nullable().optional(),
  pool_mode: z.enum(['transaction', 'session']).optional(),
});

/** How the database is reached: what is set here holds for Postgres itself. */
export function databaseConfigRoutes(app: Hono<Env>, room: Room): void {
  networkRoutes(app, room);
  sslRoutes(app, room);
  poolerRoutes(app, room);
  postgresRoutes(app, room);
}

function networkRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/network-restrictions';
  app.get(path, (call) => call.json(network(projectOf(room, call))));
  app.post(`${path}/apply`, async (call) => {
    const { ref } = projectOf(room, call);
    const { dbAllowedCidrs = [], dbAllowedCidrsV6 = [] } = await bodyOf(call, Cidrs);
    const appliedAt = room.world.now().toISOString();
    const next = { dbAllowedCidrs, dbAllowedCidrsV6, appliedAt };
    const record = change(room, ref, { network: next });
    await applyAccessRules(room, ref);
    return call.json(network(record), 201);
  });
  app.patch(path, async (call) => {
    const { ref, network: old } = projectOf(room, call);
    const { add, remove } = await bodyOf(call, CidrChange);
    const merge = (kind: 'dbAllowedCidrs' | 'dbAllowedCidrsV6'): string[] =>
      [...new Set([...old[kind], ...(add?.[kind] ?? [])])].filter(
        (cidr) => !remove?.[kind]?.includes(cidr),
      );
    const lists = [merge('dbAllowedCidrs'), merge('dbAllowedCidrsV6')] as const;
    const appliedAt = room.world.now().toISOString();
    const next = { dbAllowedCidrs: lists[0], dbAllowedCidrsV6: lists[1], appliedAt };
    change(room, ref, { network: next });
    await applyAccessRules(room, ref);
    const shown = [...lists[0].map(cidr('v4')), ...lists[1].map(cidr('v6'))];
    const config = { dbAllowedCidrs: shown };
    return call.json({ entitlement: 'allowed', config, status: 'applied', applied_at: appliedAt });
  });
}

function sslRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/ssl-enforcement';
  const shown = ({ ssl }: ProjectRecord): object => ({
    currentConfig: { database: ssl },
    appliedSuccessfully: true,
  });
  app.get(path, (call) => call.json(shown(projectOf(room, call))));
  app.put(path, async (call) => {
    const { ref, ssl } = projectOf(room, call);
    const { database } = (await bodyOf(call, Ssl)).requestedConfig;
    const record = change(room, ref, { ssl: database });
    // As in the cloud, a change restarts the database in the background.
    if (ssl !== database) void held(restartProject(room, ref));
    return call.json(shown(record));
  });
}

function poolerRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/config/database';
  app.get(`${path}/pooler`, (call) => call.json([pooler(room, projectOf(room, call))]));
  app.patch(`${path}/pooler`, async (call) => {
    const { ref } = projectOf(room, call);
    const { default_pool_size: poolSize = null } = await bodyOf(call, PoolerChange);
    change(room, ref, { poolSize });
    return call.json({ default_pool_size: poolSize, pool_mode: 'session' });
  });
  app.get(`${path}/pgbouncer`, (call) => {
    const { host, port } = directHost(room, projectOf(room, call));
    const name = host.includes(':') ? `[${host}]` : host;
    const connection_string = `postgresql://postgres:[YOUR-PASSWORD]@${name}:${port ?? 0}/postgres`;
    return call.json({ connection_string, pool_mode: 'session', max_client_conn: 60 });
  });
}

function postgresRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/config/database/postgres';
  app.get(path, (call) => call.json(projectOf(room, call).postgres));
  app.put(path, async (call) => {
    const { ref, postgres: old } = projectOf(room, call);
    const { restart_database: restart = true, ...fields } = await bodyOf(call, PostgresChange);
    const postgres = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
    const next = { ...old, ...postgres.parse(fields) };
    change(room, ref, { postgres: next });
    if (restart) await restartProject(room, ref);
    return call.json(next);
  });
}

function network({ network: { appliedAt, ...config } }: ProjectRecord): object {
  const applied = appliedAt === undefined ? {} : { applied_at: appliedAt };
  return { entitlement: 'allowed', config, status: 'applied', ...applied };
}

function cidr(type: 'v4' | 'v6'): (address: string) => object {
  return (address) => ({ address, type });
}

/** The shared pooler in session mode, and the user that it knows the project by. */
function pooler({ world }: Room, { ref, poolSize }: ProjectRecord) {
  const port = world.collection('supabase-ports', z.int()).get('pooler') ?? 0;
  const user = `postgres.${ref}`;
  const address = `postgresql://${user}:[YOUR-PASSWORD]@127.0.0.1:${port}/postgres`;
  return {
    identifier: ref,
    database_type: 'PRIMARY',
    is_using_scram_auth: true,
    db_user: user,
    db_host: '127.0.0.1',
    db_port: port,
    db_name: 'postgres',
    connection_string: address,
    connectionString: address,
    default_pool_size: poolSize,
    max_client_conn: 60,
    pool_mode: 'session',
  };
}
