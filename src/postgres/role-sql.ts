import pg from 'pg';

/** The login that changes schemas: it acts as every service's owner, and as nobody else. */
export const migratorRole = 'windlass_migrator';

/**
 * The schema of a service with its two roles: `<service>_owner` (NOLOGIN) owns it, what it makes
 * there `<service>_service` (LOGIN) may read and write, and nobody else but the migrator may enter.
 * Safe to run twice; as one text it is one transaction.
 */
export function roleSql(service: string): string {
  const { schema, owner, login } = names(service);
  return `
${createRole(`${service}_owner`)}
${createRole(`${service}_service`)}
${createRole(migratorRole, 'login')}
alter role ${owner} nologin;
alter role ${login} login noinherit;
alter role ${login} set search_path = ${schema};
alter role ${login} set statement_timeout = '8s';
alter role ${login} set idle_in_transaction_session_timeout = '30s';
grant ${owner} to current_user;
grant ${owner} to ${migratorRole} with inherit true, set true;
create schema if not exists ${schema} authorization ${owner};
revoke all on schema ${schema} from public;
revoke create on schema public from public;
grant usage on schema ${schema} to ${login};
alter default privileges for role ${owner} in schema ${schema}
  grant select, insert, update, delete on tables to ${login};
alter default privileges for role ${owner} in schema ${schema}
  grant usage, select on sequences to ${login};
alter default privileges for role ${owner} revoke execute on functions from public;
alter default privileges for role ${owner} in schema ${schema}
  grant execute on functions to ${login};
`;
}

/**
 * A second login of the service that acts as `<service>_service` from its first statement on, so
 * that a new password can become valid before the old one ends. It needs the roles of `roleSql`.
 */
export function secondLoginSql(service: string): string {
  const { schema, login, second } = names(service);
  return `
${createRole(`${service}_service_2`)}
alter role ${second} login noinherit;
grant ${login} to ${second} with inherit false, set true;
alter role ${second} set role = ${login};
alter role ${second} set search_path = ${schema};
alter role ${second} set statement_timeout = '8s';
alter role ${second} set idle_in_transaction_session_timeout = '30s';
`;
}

/**
 * Takes a service's schema and its roles away, with all that is in it, but the roles to `keep`;
 * safe to run twice.
 */
export function schemaDropSql(service: string, keep: readonly string[] = []): string {
  const { schema } = names(service);
  const roles = ['_service_2', '_owner', '_service']
    .map((ending) => `${service}${ending}`)
    .filter((role) => !keep.includes(role))
    .map((role) => dropRole(pg.escapeIdentifier(role)))
    .join('\n');
  // Who still reads a table holds this up, and would hold up everybody else behind it.
  return `set lock_timeout = '3s';\ndrop schema if exists ${schema} cascade;\n${roles}\n`;
}

/** Takes the migrator away; no service's roles may be left that it acts as. */
export const migratorDropSql = dropRole(migratorRole);

function names(service: string) {
  return {
    schema: pg.escapeIdentifier(service),
    owner: pg.escapeIdentifier(`${service}_owner`),
    login: pg.escapeIdentifier(`${service}_service`),
    second: pg.escapeIdentifier(`${service}_service_2`),
  };
}

/** Two databases of one server may ask for the same role at once. */
function createRole(name: string, options = ''): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = ${pg.escapeLiteral(name)}) then
    create role ${pg.escapeIdentifier(name)} ${options};
  end if;
exception when duplicate_object or unique_violation then null;
end $$;`;
}

// `drop owned` asks for membership; it takes the default privileges that would hold the role.
function dropRole(role: string): string {
  return `do $$ begin
  if to_regrole(${pg.escapeLiteral(role)}) is not null then
    grant ${role} to current_user;
    drop owned by ${role} cascade;
    drop role ${role};
  end if;
end $$;`;
}
