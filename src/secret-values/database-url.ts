import type { Login } from '../postgres/connect.ts';
import { tlsMode } from '../postgres/tls.ts';
import { ofWireUser, urlHost, wireUser } from '../postgres/wire-user.ts';

/**
 * The URL that a service logs in with. `verify-full` looks for the authority where the service's
 * image has it: libpq reads the file that PGSSLROOTCERT names.
 */
export function databaseUrl(login: Login): string {
  const { password, host, port, database, ca } = login;
  const who = `${encodeURIComponent(wireUser(login))}:${encodeURIComponent(password)}`;
  return `postgresql://${who}@${urlHost(host)}:${port}/${database}?sslmode=${tlsMode({ host, ca })}`;
}

/** The login that such a URL states, verified by `ca`. */
export function loginOf(text: string, ca: string | undefined): Login {
  const url = new URL(text);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    ...ofWireUser(decodeURIComponent(url.username)),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
    ca,
  };
}
