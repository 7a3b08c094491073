import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** Where Postgres is reached in session mode; the password travels apart. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** File with the authority that its certificate is verified by; absent = none is known. */
  readonly ca?: string | undefined;
}

/** Rows as the Management API answers them. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs SQL as `postgres` through the Management API; no password needed. */
export async function runSql(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly query: string; readonly readOnly?: boolean },
  waiting: Waiting = {},
): Promise<readonly Row[]> {
  const { ref, query, readOnly = false } = which;
  const path = `/projects/${ref}/database/query`;
  const body = { query, read_only: readOnly };
  const action = `run SQL in ${ref}`;
  const call = { action, method: 'POST', path, body, answer: Rows } as const;
  return (await callSupabase(access, call, waiting)) ?? [];
}

/** Gives the role `postgres` a new password; safe to run twice. */
export async function resetPassword(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly password: string },
  waiting: Waiting = {},
): Promise<void> {
  const path = `/projects/${which.ref}/database/password`;
  const action = `reset the database password of ${which.ref}`;
  const body = { password: which.password };
  const call = { action, method: 'PATCH', path, body, answer: z.unknown() } as const;
  await callSupabase(access, call, waiting);
}

/** The direct address (session mode, no pooler): what migrations, dumps and own roles need. */
export async function directConnection(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<DatabaseAddress> {
  const path = `/projects/${ref}/config/database/pgbouncer`;
  const call = { action: `read the database address of ${ref}`, path, answer: Pgbouncer };
  const { connection_string: text } = await callSupabase(access, call, waiting);
  const url = text === undefined || !URL.canParse(text) ? undefined : new URL(text);
  if (url && url.hostname !== '') return { ...addressOf(url), ca: access.databaseCa };
  throw new Failure({
    code: 'SUPABASE_DATABASE_WITHOUT_ADDRESS',
    what: `The database of ${ref} has no address yet`,
    why: 'Supabase answers no connection string; this happens in a project’s first minutes.',
    fix: 'No action needed: the call is retried.',
    class: 'retry',
  });
}

const Rows = z.array(z.record(z.string(), z.unknown())).nullable();
const Pgbouncer = z.object({ connection_string: z.string().optional() });

/** The dedicated PgBouncer listens at 6543 of the database's own host; Postgres itself at 5432. */
const pooledPort = 6543;
const directPort = 5432;

function addressOf(url: URL): DatabaseAddress {
  const port = url.port === '' ? directPort : Number(url.port);
  return {
    host: url.hostname,
    port: port === pooledPort ? directPort : port,
    user: decodeURIComponent(url.username) || 'postgres',
    database: url.pathname.slice(1) || 'postgres',
  };
}
