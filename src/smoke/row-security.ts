import { withClient } from '../postgres/connect.ts';
import { databaseServices } from '../services.ts';
import { requireDatabase } from '../site-database.ts';
import type { Site } from '../site.ts';
import { doorOf } from '../supabase/door.ts';
import { probeRest } from '../supabase/rest.ts';
import { smokeFailure } from './ask.ts';

/** Row level security by SQL (enabled and forced on every table) and by the REST door as anon. */
export async function checkRowSecurity(site: Site, ref: string): Promise<string> {
  const login = await requireDatabase(site);
  const schemas = databaseServices(site.config);
  const { rows } = await withClient(login, (client) =>
    client.query<{ schema: string; name: string; safe: boolean }>(
      `select n.nspname as schema, c.relname as name,
         c.relrowsecurity and c.relforcerowsecurity as safe
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname = any($1)`,
      [schemas],
    ),
  );
  const open = rows.filter(({ safe }) => !safe).map(({ schema, name }) => `${schema}.${name}`);
  if (open.length > 0)
    throw smokeFailure('Row level security is not forced everywhere', open.join(', '));
  const { exposedSchemas } = site.environment.supabase;
  const exposed = rows.filter(({ schema }) => exposedSchemas.includes(schema));
  const door = await doorOf(site.supabase, ref);
  for (const { schema, name } of exposed) {
    const { status, body } = await probeRest(door, { schema, path: `${name}?limit=1` });
    const hidden = status === 401 || status === 403 || (Array.isArray(body) && body.length === 0);
    if (!hidden)
      throw smokeFailure(`Anybody can read ${schema}.${name}`, `anon got HTTP ${status}`);
  }
  return `row security: ${rows.length} tables forced, ${exposed.length} closed to anon`;
}
