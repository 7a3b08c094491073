import pg from 'pg';
import { Failure } from '../failure.ts';
import { migratorRole } from '../postgres/role-sql.ts';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { runSql } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';
import type { Project } from '../supabase/project.ts';
import { isOwn } from './is-own.ts';

/** The name by which the adoption of a project that is there already is accepted. */
export function adoptionName(site: Site): string {
  return `supabase-project:${site.environment.supabase.project}`;
}

/** A Failure where the project is another's and its adoption was not accepted. */
export async function refuseForeign(site: Site, accept: readonly string[] = []): Promise<void> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || accept.includes(adoptionName(site)) || (await isOwn(site, project))) return;
  throw new Failure({
    code: 'SUPABASE_PROJECT_FOREIGN',
    what: `The Supabase project ${name} (${project.ref}) was not created by ${site.name}`,
    why: 'it has the name in windlass.yaml, but neither a record of this environment nor its secrets show that it belongs to it',
    fix: `Give \`supabase.project\` another name in windlass.yaml; or adopt it, after a look at what \`windlass plan -e ${site.name}\` would change in it: --accept ${adoptionName(site)}`,
  });
}

/**
 * What an adoption does to a project besides its settings, a line each: the adoption itself, and
 * each login of Windlass' names that gets a new password. A Failure where somebody else's schema
 * has the name of a service.
 */
export async function planAdoption(site: Site, { ref, name }: Project): Promise<readonly string[]> {
  const services = databaseServices(site.config);
  const query = takenQuery(services);
  const rows = await runSql(site.supabase, { ref, query, readOnly: true });
  const of = (kind: string) =>
    rows.filter((row) => row['kind'] === kind).map((row) => String(row['name']));
  if (of('schema').length > 0) throw schemaTaken(name, of('schema'));
  return [
    `adopt the project ${name} (${ref})`,
    ...of('login').map((login) => `reset the password of ${login}`),
  ];
}

function takenQuery(services: readonly string[]): string {
  const list = (names: readonly string[]) => names.map((name) => pg.escapeLiteral(name)).join(', ');
  const logins = [...services.map((service) => `${service}_service`), migratorRole];
  return `
    select 'schema' as kind, nspname as name from pg_namespace
    where nspname = any(array[${list(services)}]::text[])
      and nspowner::regrole::text <> quote_ident(nspname || '_owner')
    union all
    select 'login', rolname from pg_roles
    where rolcanlogin and rolname = any(array[${list(logins)}]::text[]) order by 1, 2`;
}

function schemaTaken(name: string, schemas: readonly string[]): Failure {
  return new Failure({
    code: 'SUPABASE_SCHEMA_TAKEN',
    what: `The Supabase project ${name} cannot be adopted`,
    why: `it has the schema ${schemas.join(', ')} of another owner, and a service of that name would migrate it`,
    fix: 'Give `supabase.project` another name in windlass.yaml, or rename the service.',
  });
}
