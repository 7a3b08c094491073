import { Failure } from '../failure.ts';
import { held } from '../held.ts';
import { canLogIn, withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { ownAdminDropSql, ownAdminRole, ownAdminSql } from '../postgres/own-admin-sql.ts';
import { platformSchemas } from '../postgres/platform.ts';
import { scramVerifier } from '../postgres/scram.ts';
import { databaseUrl } from '../secret-values/database-url.ts';
import { newPassword } from '../secret-values/password.ts';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { runSql } from '../supabase/database.ts';
import type { DatabaseAddress } from '../supabase/database.ts';
import { following, heldAdmin, keepAdmin } from './held-admin.ts';

interface Where {
  readonly ref: string;
  readonly address: DatabaseAddress;
}

/** By project: what is being made; whoever asks meanwhile gets the same. */
const making = new Map<string, Promise<Login>>();

/**
 * Makes `windlass_admin` through the SQL endpoint, which sees a verifier only, and keeps its login.
 * `postgres` cannot hand on all that it may, so what the role may is asked: a Failure names what
 * it lacks, and how a reset of the password of `postgres` is accepted. Of several that ask at once
 * nobody changes another's password: what the secret holds by now is given back to the role.
 */
export async function ownAdmin(site: Site, where: Where): Promise<Login> {
  const under = making.get(where.ref);
  if (under) return under;
  const made = held(make(site, where).finally(() => making.delete(where.ref)));
  making.set(where.ref, made);
  return made;
}

async function make(site: Site, { ref, address }: Where): Promise<Login> {
  const known = (await heldAdmin(site, address))?.login;
  const password = known?.user === ownAdminRole ? known.password : newPassword();
  const login = { ...address, user: ownAdminRole, password };
  const services = databaseServices(site.config);
  const query = ownAdminSql(scramVerifier(password), services);
  const stood = await stands(site, ref);
  await runSql(site.supabase, { ref, query });
  const lacks = (await canLogIn(login)) ? await missingRights(login, services) : ['a login'];
  if (lacks.length > 0) {
    // What somebody has made with a role that stood before would go along with it.
    if (!stood) await runSql(site.supabase, { ref, query: ownAdminDropSql });
    throw tooWeak(site, lacks);
  }
  await keepAdmin(site, login, databaseUrl(login));
  return following(site, address, login);
}

async function stands(site: Site, ref: string): Promise<boolean> {
  const query = `select to_regrole('${ownAdminRole}') is not null as stands`;
  const [found] = await runSql(site.supabase, { ref, query, readOnly: true });
  return found?.['stands'] !== false;
}

async function missingRights(login: Login, services: readonly string[]): Promise<string[]> {
  const { rows } = await withClient(login, (client) =>
    client.query<{ what: string }>(rightsQuery, [services, unseen]),
  );
  return rows.map(({ what }) => what);
}

/** Schemas that no backup looks into. */
const unseen = Object.entries(platformSchemas).flatMap(([name, part]) =>
  part === 'nothing' ? [name] : [],
);

const rightsQuery = `
select what from (values
  ('to create databases', (select rolcreatedb from pg_roles where rolname = current_user)),
  ('to create roles', (select rolcreaterole from pg_roles where rolname = current_user)),
  ('to make schemas', has_database_privilege(current_database(), 'create'))
) as probe(what, given) where not given
union all
select 'to act as ' || rolname from pg_roles, unnest($1::text[]) as service
where rolname = service || '_owner' and not pg_has_role(rolname, 'set')
union all (
select 'to read ' || quote_ident(nspname) || '.' || quote_ident(relname)
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'p') and nspname <> all($2::text[]) and nspname !~ '^pg_'
  and nspname <> 'information_schema'
  and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
order by nspname <> 'auth', 1 limit 4)`;

function tooWeak(site: Site, lacks: readonly string[]): Failure {
  const name = resetName(site);
  return new Failure({
    code: 'DATABASE_LOGIN_LOST',
    what: `Windlass cannot log in to the database of ${site.name} with the required rights`,
    why: `no stored login works, the platform issues no short-lived one, and ${ownAdminRole} lacks the right ${lacks.join(', ')}`,
    fix: `Reset the password of \`postgres\`, which ends every login that uses it: \`windlass deploy -e ${site.name} --accept ${name}\`. Where the environment was left half-changed, \`rollback\`, \`recover\` and \`recover --reconcile\` take the same \`--accept\`.`,
  });
}

/** The name by which a reset of the password of `postgres` is accepted. */
export function resetName(site: Site): string {
  return `database-password:${site.environment.supabase.project}`;
}
