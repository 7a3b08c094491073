import { readAccess } from '../row-security/access-file.ts';
import { probeAccess } from '../row-security/probe-access.ts';
import type { Person } from '../row-security/probe-access.ts';
import { requireDatabase } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { Door } from '../supabase/door.ts';
import { smokeFailure } from './ask.ts';

/** The REST door is as the access file says, for nobody and for each of the people. */
export async function checkAccess(
  site: Site,
  door: Door,
  people: readonly Person[],
): Promise<string> {
  const access = await readAccess(site);
  const schemas = site.environment.supabase.exposedSchemas;
  const login = await requireDatabase(site);
  const seen = await probeAccess({ login, door, access, schemas, people });
  if (seen.wrong.length > 0)
    throw smokeFailure('The REST door is not as the access file says', seen.wrong.join('; '));
  const objects = `${seen.relations} tables and views, ${seen.routines} functions`;
  const counts = `${seen.allowed} cells allowed as declared, ${seen.cells - seen.allowed} refused`;
  return `REST door: ${objects} as nobody and ${people.length} users: ${counts}`;
}
