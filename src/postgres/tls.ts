import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Login } from './connect.ts';

/** How to speak TLS with a server: for `pg`, and as variables for libpq's programs. */
export interface Tls {
  readonly node: ConnectionOptions | false;
  readonly libpq: Readonly<Record<string, string>>;
}

/**
 * Where the server's authority is known, its certificate and name are verified. Where it is not,
 * other machines must encrypt, and this machine's own servers need not.
 */
export function tlsFor({ host, ca }: Pick<Login, 'host' | 'ca'>): Tls {
  const mode = tlsMode({ host, ca });
  if (mode === 'prefer') return { node: false, libpq: { PGSSLMODE: mode } };
  if (ca === undefined) return { node: { rejectUnauthorized: false }, libpq: { PGSSLMODE: mode } };
  // Without `host`, Node would verify the name `localhost` where the address is a number.
  return {
    node: { ca: readFileSync(ca, 'utf8'), host, rejectUnauthorized: true },
    libpq: { PGSSLMODE: mode, PGSSLROOTCERT: ca },
  };
}

/** libpq's `sslmode` for a server. */
export function tlsMode({ host, ca }: Pick<Login, 'host' | 'ca'>): string {
  if (ca !== undefined) return 'verify-full';
  return loopback.has(host) ? 'prefer' : 'require';
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
