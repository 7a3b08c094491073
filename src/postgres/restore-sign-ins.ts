import pg from 'pg';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { copiedRows } from './copied-rows.ts';
import type { CopiedRow } from './copied-rows.ts';
import type { LeftOut } from './left-out.ts';
import type { Restore } from './restore.ts';
import type { Entry } from './toc.ts';

// What lasts minutes or belongs to a session: everybody signs in anew. The last three are the
// platform's own books.
const passing = new Set([
  ...['sessions', 'refresh_tokens', 'mfa_amr_claims', 'mfa_challenges', 'one_time_tokens'],
  ...['flow_state', 'saml_relay_states', 'oauth_authorizations', 'webauthn_challenges'],
  ...['audit_log_entries', 'schema_migrations', 'instances'],
]);

/**
 * The rows of users and of all that is theirs (identities, second factors, …) into the platform's
 * own tables, those that stand empty there, in one transaction. A column that the platform's
 * version does not have stays behind; it is named in the answer.
 */
export async function restoreSignIns(
  login: Login,
  restore: Restore,
  entries: readonly Entry[],
): Promise<readonly LeftOut[]> {
  const kept = entries.filter(
    ({ kind, schema, name }) => kind === 'TABLE DATA' && schema === 'auth' && !passing.has(name),
  );
  return withClient(login, async (client) => {
    await client.query('begin');
    const targets = await emptyTables(client);
    const left = kept.filter(({ name }) => !targets.known.has(name)).map(noTable);
    // Parents before children: they refer to each other.
    for (const { name, columns } of targets.empty) {
      const entry = kept.find((one) => one.name === name);
      if (entry)
        left.push(
          ...(await fillTable(client, { name, columns }, copiedRows(login, restore, entry))),
        );
    }
    await client.query('commit');
    return left;
  });
}

interface Target {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
}

async function emptyTables(client: pg.Client) {
  const { rows } = await client.query<Target>(tablesQuery);
  const empty: Target[] = [];
  for (const table of rows) {
    const name = pg.escapeIdentifier(table.name);
    const found = await client.query(`select from auth.${name} limit 1`);
    if (found.rows.length === 0) empty.push(table);
  }
  return { known: new Set(rows.map(({ name }) => name)), empty };
}

const batch = 500;

async function fillTable(
  client: pg.Client,
  { name, columns }: Target,
  copied: AsyncIterable<CopiedRow>,
): Promise<readonly LeftOut[]> {
  let rows: CopiedRow[] = [];
  const missing = new Set<string>();
  const flush = async () => {
    const [first] = rows;
    if (!first) return;
    const taken = first.columns.filter((column) => Object.hasOwn(columns, column));
    for (const column of first.columns) if (!taken.includes(column)) missing.add(column);
    const names = taken.map((column) => pg.escapeIdentifier(column));
    const casts = taken.map((column, at) => `r.c${at}::${columns[column]}`);
    const arrays = taken.map((_column, at) => `$${at + 1}::text[]`);
    const values = taken.map((column) => rows.map((row) => row.value(column)));
    await client.query(
      `insert into auth.${pg.escapeIdentifier(name)} (${names.join(', ')}) overriding system value
       select ${casts.join(', ')} from unnest(${arrays.join(', ')})
         as r(${taken.map((_column, at) => `c${at}`).join(', ')})`,
      values,
    );
    rows = [];
  };
  for await (const row of copied) if (rows.push(row) >= batch) await flush();
  await flush();
  const why = 'the schema auth of this project is of another version and does not have it';
  return [...missing].map((column) => ({ what: `column auth.${name}.${column}`, why }));
}

function noTable({ name, id }: Entry): LeftOut {
  const why = 'the schema auth of this project is of another version and does not have it';
  return { what: `table auth.${name}`, why, entry: id };
}

// Deeper in the chain of references = later. A table that refers to itself counts once.
const tablesQuery = `
with recursive tables as (
  select c.oid, relname from pg_class c join pg_namespace n on n.oid = relnamespace
  where nspname = 'auth' and relkind = 'r'
), depths as (
  select oid, 0 as depth from tables
  union
  select conrelid, depth + 1 from pg_constraint join depths on confrelid = depths.oid
  where contype = 'f' and conrelid <> confrelid and depth < 20 and conrelid in (select oid from tables)
)
select relname as name, (
  select jsonb_object_agg(attname, format_type(atttypid, atttypmod)) from pg_attribute
  where attrelid = t.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
from tables t order by (select max(depth) from depths d where d.oid = t.oid), relname`;
