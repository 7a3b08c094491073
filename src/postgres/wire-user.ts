import type { Login } from './connect.ts';

/** The user that a server is told: a shared pooler knows `ROLE.PROJECT`. */
export function wireUser({ user, tenant }: Pick<Login, 'user' | 'tenant'>): string {
  return tenant === undefined ? user : `${user}.${tenant}`;
}

/** The role and the project of such a user; a user of a database's own host is a role alone. */
export function ofWireUser(text: string): Pick<Login, 'user' | 'tenant'> {
  const [, user, tenant] = /^(.+)\.([a-z]{20})$/.exec(text) ?? [];
  return user === undefined ? { user: text } : { user, tenant };
}

/** A host as a URL names it: an IPv6 address stands in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
