import type { Login } from '../../src/postgres/connect.ts';

/** The login that an address states. */
export function loginOf(address: string): Login {
  const { hostname: host, port, username: user, password, pathname } = new URL(address);
  return { host, port: Number(port), user, password, database: pathname.slice(1) };
}
