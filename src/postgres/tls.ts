import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/** How to speak TLS with a server: for `pg`, and as variables for libpq's programs. */
export interface Tls {
  readonly node: ConnectionOptions | false;
  readonly libpq: Readonly<Record<string, string>>;
}

/**
 * Loopback needs no TLS. Any other host must encrypt, and is verified where WINDLASS_POSTGRES_CA
 * names the file of its authority: Supabase signs with an authority of its own.
 */
export function tlsFor(host: string, ca = process.env['WINDLASS_POSTGRES_CA']): Tls {
  if (loopback.has(host)) return { node: false, libpq: { PGSSLMODE: 'prefer' } };
  if (ca === undefined)
    return { node: { rejectUnauthorized: false }, libpq: { PGSSLMODE: 'require' } };
  return {
    node: { ca: readFileSync(ca, 'utf8'), rejectUnauthorized: true },
    libpq: { PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca },
  };
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
