import { isIPv6 } from 'node:net';
import pg from 'pg';
import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { databaseLost } from './lost.ts';

/**
 * Why a server or its pooler begins no session, as a Failure; undefined where the error says it by
 * itself, or is about the login.
 */
export function noSession(login: Login, error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { host } = login;
  if (error instanceof pg.DatabaseError) return refusedBy(host, error);
  const code = 'code' in error ? String(error.code) : '';
  if (noWay.has(code) || (isIPv6(host) && away.has(code))) return unreachable(host, error);
  return undefined;
}

function refusedBy(host: string, error: pg.DatabaseError): Failure | undefined {
  const { message, code } = error;
  if (code === '28000' && /pg_hba\.conf/.test(message)) return closed(host, error);
  // Supavisor's own errors: XX000, and their code in brackets (github.com/supabase/supavisor).
  const own = code === 'XX000' ? /^\((E[A-Z_]+)\)/.exec(message)?.[1] : undefined;
  if (own === undefined) return undefined;
  if (own === 'EADDRNOTALLOWED' || own === 'ESSLREQUIRED') return closed(host, error);
  return own === 'EMAXCONNSESSION' ? full(error) : databaseLost(message, error);
}

function closed(host: string, cause: Error): Failure {
  return new Failure({
    code: 'DATABASE_CLOSED',
    what: `The database at ${host} does not accept connections from this machine`,
    why: cause.message,
    fix: 'Add its range to `networkRestrictions`; `no encryption` or ESSLREQUIRED means that TLS is enforced.',
    cause,
  });
}

function full(cause: Error): Failure {
  return new Failure({
    code: 'DATABASE_POOL_FULL',
    what: 'The pooler has no session left for this role',
    why: cause.message,
    fix: 'It is retried. If it persists, lower `pool` or `max` of the service, or raise the pool size in the Supabase dashboard (Database settings).',
    class: 'retry',
    cause,
  });
}

function unreachable(host: string, cause: Error): Failure {
  return new Failure({
    code: 'DATABASE_HOST_UNREACHABLE',
    what: `The database’s own host ${host} cannot be reached from here`,
    why: `without the IPv4 add-on it has an IPv6 address alone, and there is no way to that (${cause.message})`,
    fix: 'Use the pooler (`supabase.connection: auto` or `pooler`), or buy the add-on: `--accept ipv4-address:PROJECT`.',
    cause,
  });
}

const noWay = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);
const away = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ETIMEDOUT']);
