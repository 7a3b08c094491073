import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import { catalogQueries } from './catalog-queries.ts';
import { fingerprintQueries } from './fingerprint-queries.ts';
import { versionTableList } from './version-table.ts';

/** All that makes a database what it is but its rows and passwords, and the digest of that. */
export interface Fingerprint {
  readonly sha256: string;
  /** By kind: roles, schemas, tables, columns, … each a sorted list. */
  readonly parts: Readonly<Record<string, readonly unknown[]>>;
}

/** Reads the fingerprint of these services' roles and schemas; equal databases give equal bytes. */
export async function readFingerprint(
  login: Login,
  services: readonly string[],
): Promise<Fingerprint> {
  return withClient(login, (client) => fingerprintOf(client, services));
}

/** The same through a connection of the caller's, which may stand in a snapshot. */
export async function fingerprintOf(
  client: pg.ClientBase,
  services: readonly string[],
): Promise<Fingerprint> {
  const read = await ask(client, services, fingerprintQueries);
  const parts = { ...read, versions: await versionsOf(client, services) };
  return { sha256: createHash('sha256').update(JSON.stringify(parts)).digest('hex'), parts };
}

/**
 * All that these schemas and their services' roles are made of but rows and passwords, by kind:
 * the fingerprint's parts, and what its digest in older manifests does not know.
 */
export async function readCatalog(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<Fingerprint['parts']> {
  return {
    ...(await ask(client, schemas, catalogQueries)),
    versions: await versionsOf(client, schemas),
  };
}

/**
 * The same without the versions, for a connection that asks it again and again: the server keeps
 * what each query was read and planned as. No pooler may stand between that hands a session on.
 */
export async function readCatalogAgain(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<Fingerprint['parts']> {
  return ask(client, schemas, catalogQueries, 'kept');
}

async function ask(
  client: pg.ClientBase,
  schemas: readonly string[],
  queries: Readonly<Record<string, string>>,
  plans?: 'kept',
): Promise<Record<string, readonly unknown[]>> {
  // Names must not depend on the search path of who asks.
  await client.query(`set search_path = ''`);
  const read: Record<string, readonly unknown[]> = {};
  for (const [kind, text] of Object.entries(queries)) {
    const query = { text, values: [schemas], ...(plans && { name: `windlass catalog ${kind}` }) };
    read[kind] = (await client.query(query)).rows;
  }
  return read;
}

async function versionsOf(client: pg.ClientBase, schemas: readonly string[]) {
  const versions: unknown[] = [];
  for (const { version } of (await client.query(versionTables, [schemas])).rows)
    versions.push(...(await client.query(String(version))).rows);
  return versions;
}

// One statement per version table that there is.
const versionTables = `
select format('select %L as schema, version_num as revision from %I.%I order by 2',
  nspname, nspname, relname) as version
from pg_class c join pg_namespace n on n.oid = relnamespace
where relname in (${versionTableList}) and relkind = 'r' and nspname = any($1) order by nspname, relname`;
