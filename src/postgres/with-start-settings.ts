import { openTap } from '../migration-proof/tap.ts';
import type { Login } from './connect.ts';

const hearsNothing = {
  begins: () => Promise.resolve(),
  before: () => Promise.resolve(),
  after: () => Promise.resolve(),
};

/**
 * Lends `work` a login at which the settings of a session's start message count, as they do at
 * Postgres itself: a pooler drops them. Programs of libpq have no other way to be given any.
 */
export async function withStartSettings<T>(
  login: Login,
  work: (login: Login) => Promise<T>,
): Promise<T> {
  if (login.tenant === undefined) return work(login);
  const tap = await openTap(login, hearsNothing);
  try {
    return await work(tap.login);
  } finally {
    await tap.close();
  }
}
