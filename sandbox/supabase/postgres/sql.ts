import pg from 'pg';
import type { ProjectRecord } from '../record.ts';

/** One query as a role, in a session of its own; the Management API's SQL runs this way. */
export async function queryAs(
  record: ProjectRecord,
  role: string,
  query: { text: string; values?: unknown[]; readOnly?: boolean },
): Promise<unknown[]> {
  const client = new pg.Client({ ...adminLogin(record), ...readOnly(query.readOnly) });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`set session authorization ${pg.escapeIdentifier(role)}`);
    const result: unknown = await client.query(query.text, query.values);
    return lastRows(result);
  } finally {
    await client.end();
  }
}

/** How the hidden superuser logs in to the project's database `postgres`. */
export function adminLogin(record: ProjectRecord): pg.ClientConfig {
  return {
    host: '127.0.0.1',
    port: record.ports.database ?? 0,
    user: 'supabase_admin',
    password: record.passwords['supabase_admin'] ?? '',
    database: 'postgres',
  };
}

function readOnly(wanted = false): pg.ClientConfig {
  return wanted ? { options: '-c default_transaction_read_only=on' } : {};
}

// Several statements in one text give several results; the API answers the last one's rows.
function lastRows(result: unknown): unknown[] {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  if (typeof last !== 'object' || last === null || !('rows' in last)) return [];
  return Array.isArray(last.rows) ? last.rows : [];
}
