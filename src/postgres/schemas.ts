import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import { Failure } from '../failure.ts';

/** Those of the schemas that the database has, in the order given; a Failure where it has none. */
export async function existingSchemas(
  login: Login,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await withClient(login, (client) =>
    client.query<{ name: string }>('select nspname as name from pg_namespace'),
  );
  const names = new Set(rows.map(({ name }) => name));
  const found = wanted.filter((name) => names.has(name));
  if (found.length > 0) return found;
  throw new Failure({
    code: 'DATABASE_EMPTY',
    what: `${login.database} on ${login.host} has nothing to back up`,
    why: `It has none of the schemas ${wanted.join(', ')}.`,
    fix: 'Deploy once; the next deploy has something to back up.',
  });
}
