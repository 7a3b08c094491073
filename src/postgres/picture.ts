import type pg from 'pg';
import { readContent } from './content-digest.ts';
import type { TableContent } from './content-digest.ts';
import { momentOf } from './content-since.ts';
import type { ContentMoment } from './content-since.ts';
import { revisionsOf } from './current-revisions.ts';
import { fingerprintOf, readCatalog } from './fingerprint.ts';
import {
  isPlatformRole,
  platformExtensions,
  projectRoles,
  sharedSchema,
  userSchemasQuery,
} from './platform.ts';
import { migratorRole } from './role-sql.ts';

/** All that a restore must bring back, as it is in one moment. */
export interface Picture {
  /** Of the services' roles and schemas, as a manifest states it. */
  readonly fingerprint: string;
  readonly revisions: Readonly<Record<string, string | null>>;
  /** Those of the services that have a schema. */
  readonly services: readonly string[];
  /** What the user made anywhere, by kind; no rows. */
  readonly parts: Readonly<Record<string, readonly unknown[]>>;
  /** What the tables of the user and of `auth` hold. */
  readonly content: readonly TableContent[];
  /** What tells later what was written since. */
  readonly moment: Omit<ContentMoment, 'tables'>;
  /** Roles that the user made: no project has them by itself. */
  readonly roles: readonly string[];
  /** The newest migration of schema `auth`; null where it does not say. */
  readonly authVersion: string | null;
}

/** Reads the picture of a database; inside a snapshot's transaction it is that of the snapshot. */
export async function readPicture(
  client: pg.ClientBase,
  services: readonly string[],
): Promise<Picture> {
  const { rows } = await client.query<{ name: string }>(userSchemasQuery);
  // Extensions fill the shared schema; what they make comes with them.
  const schemas = rows.map(({ name }) => name).filter((name) => name !== sharedSchema);
  const { sha256: fingerprint } = await fingerprintOf(client, services);
  const parts = await readCatalog(client, schemas);
  const others: Record<string, readonly unknown[]> = {};
  for (const [kind, query] of Object.entries(userQueries))
    others[kind] = (await client.query(query, query.includes('$1') ? [schemas] : [])).rows;
  const revisions = await revisionsOf(client, services);
  const authVersion = await authVersionOf(client);
  const moment = await momentOf(client, schemas);
  const content = await readContent(client, { schemas: [...schemas, 'auth'] });
  const roles = await rolesOf(client, services);
  const made = services.filter((service) => schemas.includes(service));
  const all = { ...parts, ...others };
  return {
    ...{ fingerprint, revisions, services: made, parts: all, content, moment, roles, authVersion },
  };
}

async function rolesOf(client: pg.ClientBase, services: readonly string[]) {
  const { rows } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname !~ '^pg_' order by 1`,
  );
  const made = new Set([migratorRole, ...projectRoles, ...services.flatMap(rolesOfService)]);
  return rows.map(({ name }) => name).filter((name) => !made.has(name) && !isPlatformRole(name));
}

function rolesOfService(service: string): readonly string[] {
  return ['owner', 'service', 'service_2'].map((ending) => `${service}_${ending}`);
}

/** The newest migration of the schema `auth`, which the platform numbers by time. */
export async function authVersionOf(client: pg.ClientBase): Promise<string | null> {
  const there = await client.query<{ there: boolean }>(
    `select to_regclass('auth.schema_migrations') is not null as there`,
  );
  if (there.rows[0]?.there !== true) return null;
  const { rows } = await client.query<{ version: string | null }>(
    'select max(version) as version from auth.schema_migrations',
  );
  return rows[0]?.version ?? null;
}

const quotedExtensions = [...platformExtensions].map((name) => `'${name}'`).join(', ');

/** What the services' own fingerprint does not have; `$1` is the list of the user's schemas. */
const userQueries = {
  extensions: `
    select extname as extension, nspname as schema from pg_extension
      join pg_namespace n on n.oid = extnamespace
    where extname not in (${quotedExtensions}) order by 1`,
  platformTriggers: `
    select tgrelid::regclass::text as table, pg_get_triggerdef(t.oid) as text
    from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
      join pg_proc p on p.oid = tgfoid join pg_namespace f on f.oid = pronamespace
    where n.nspname in ('auth', 'storage', 'realtime') and f.nspname = any($1)
      and not tgisinternal order by 1, 2`,
  platformPolicies: `
    select polrelid::regclass::text as table, polname as policy,
      pg_get_expr(polqual, polrelid) as visible, pg_get_expr(polwithcheck, polrelid) as writable
    from pg_policy join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = relnamespace
    where nspname in ('auth', 'storage', 'realtime') order by 1, 2`,
} as const;
