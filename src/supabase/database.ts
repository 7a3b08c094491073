import { z } from 'zod';
import { Failure } from '../failure.ts';
import { ofWireUser } from '../postgres/wire-user.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** Where Postgres is reached in session mode; the password travels apart. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The project that a shared pooler is told beside the role; absent = the database's own host. */
  readonly tenant?: string | undefined;
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
  return { ...addressIn(text, ref), ca: access.databaseCa };
}

/** The shared pooler in session mode, on IPv4: its user is `ROLE.REF`. */
export async function pooledConnection(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<DatabaseAddress> {
  const path = `/projects/${ref}/config/database/pooler`;
  const call = { action: `read the pooler’s address of ${ref}`, path, answer: Poolers };
  const poolers = await callSupabase(access, call, waiting);
  const primary = poolers.find((one) => one.database_type === 'PRIMARY') ?? poolers[0];
  const { user, ...address } = addressIn(primary?.connection_string, ref);
  return { ...address, ...ofWireUser(user), tenant: ref, ca: access.databaseCa };
}

/** Sessions of one login that the pooler has: 15 of the Micro compute where nobody set another number. */
export async function readPoolSize(access: SupabaseAccess, ref: string): Promise<number> {
  const path = `/projects/${ref}/config/database/pooler`;
  const call = { action: `read the pool size of ${ref}`, path, answer: Poolers };
  const poolers = await callSupabase(access, call);
  return poolers[0]?.default_pool_size ?? usualPoolSize;
}

/** Of the Micro compute (Supabase's guide "Compute and disk"). */
export const usualPoolSize = 15;

function addressIn(text: string | undefined, ref: string): Omit<DatabaseAddress, 'ca'> {
  const url = text === undefined || !URL.canParse(text) ? undefined : new URL(text);
  if (url && url.hostname !== '') return addressOf(url);
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
const Poolers = z.array(
  z.object({
    connection_string: z.string().optional(),
    database_type: z.string().optional(),
    default_pool_size: z.number().nullish(),
  }),
);

/** Transaction mode, of either pooler, is at 6543; Postgres itself and session mode are at 5432. */
const pooledPort = 6543;
const sessionPort = 5432;

function addressOf(url: URL): DatabaseAddress {
  const port = url.port === '' ? sessionPort : Number(url.port);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: port === pooledPort ? sessionPort : port,
    user: decodeURIComponent(url.username) || 'postgres',
    database: url.pathname.slice(1) || 'postgres',
  };
}
