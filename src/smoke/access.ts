import type { Login } from '../postgres/connect.ts';
import { readAccess } from '../row-security/access-file.ts';
import { openRowsOf, refuseOpenRows } from '../row-security/gate.ts';
import { probeAccess } from '../row-security/probe-access.ts';
import type { Person } from '../row-security/probe-access.ts';
import type { Site } from '../site.ts';
import type { Door } from '../supabase/door.ts';
import { smokeFailure } from './ask.ts';

/** Nothing breaks a rule of row security by the catalog, but what the access file accepts. */
export async function checkRowSecurity(site: Site, login: Login): Promise<string> {
  const { accept } = await readAccess(site);
  refuseOpenRows(await openRowsOf(site, login), 'the deployed database');
  const known = accept.length === 0 ? '' : `, ${accept.length} exceptions accepted`;
  return `row security: no rule is broken${known}`;
}

/** The REST door is as the access file says, for nobody and for each of the people. */
export async function checkAccess(
  site: Site,
  { door, login }: { readonly door: Door; readonly login: Login },
  people: readonly Person[],
): Promise<string> {
  const access = await readAccess(site);
  const schemas = site.environment.supabase.exposedSchemas;
  const seen = await probeAccess({ login, door, access, schemas, people });
  if (seen.wrong.length > 0)
    throw smokeFailure(notAsSaid, seen.wrong.join('; '), fixOf(site.config.access));
  const objects = `${seen.relations} tables and views, ${seen.routines} functions`;
  const counts = `${seen.allowed} cells allowed as declared, ${seen.cells - seen.allowed} refused`;
  return `REST API: ${objects} as anon and ${people.length} users: ${counts}`;
}

const notAsSaid = 'The REST API does not match the access file';

function fixOf(file: string | undefined): string {
  const where = file === undefined ? 'the file that `access` of windlass.yaml names' : file;
  return `Close it in a revision of the service, or declare it in ${where}.`;
}
