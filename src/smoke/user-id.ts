import { z } from 'zod';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';

/** The id of the user with that address; Auth has no search that leaves the user alone. */
export async function userIdOf(login: Login, email: string): Promise<string | undefined> {
  const query = 'select id from auth.users where lower(email) = lower($1)';
  const { rows } = await withClient(login, (client) => client.query(query, [email]));
  return z.array(z.object({ id: z.string() })).parse(rows)[0]?.id;
}
