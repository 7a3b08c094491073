import pg from 'pg';

/** The login that changes schemas: it acts as every service's owner, and as nobody else. */
export const migratorRole = 'windlass_migrator';

/**
 * The schema of a service with its two roles: `<service>_owner` (NOLOGIN) owns it, what it makes
 * there `<service>_service` (LOGIN) may read and write, and nobody else but the migrator may enter.
 * A role that is made now carries the mark of the run. Safe to run twice; as one text it is one
 * transaction.
 */
export function roleSql(service: string, runId?: string): string {
  const { schema, owner, login } = names(service);
  return `
${createRole(`${service}_owner`, { runId })}
${createRole(`${service}_service`, { runId })}
${createRole(migratorRole, { options: 'login', runId })}
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
 * Takes a service's schema and its roles away, with all that is in it, where one of these runs made
 * its owner; an empty schema of an older owner goes too, anything else stays. Safe to run twice.
 */
export function schemaDropSql(service: string, madeBy: readonly string[]): string {
  const roles = ['_owner', '_service'].map((ending) => dropRole(`${service}${ending}`, madeBy));
  // Who still reads a table holds this up, and would hold up everybody else behind it.
  return `set lock_timeout = '3s';\n${dropSchema(service, madeBy)}\n${roles.join('\n')}\n`;
}

/** Takes the migrator away where one of these runs made it; no role may be left that it acts as. */
export function migratorDropSql(madeBy: readonly string[]): string {
  return dropRole(migratorRole, madeBy);
}

function names(service: string) {
  return {
    schema: pg.escapeIdentifier(service),
    owner: pg.escapeIdentifier(`${service}_owner`),
    login: pg.escapeIdentifier(`${service}_service`),
    second: pg.escapeIdentifier(`${service}_service_2`),
  };
}

/** Two databases of one server may ask for the same role at once. */
function createRole(
  name: string,
  { options = '', runId }: { readonly options?: string; readonly runId?: string | undefined } = {},
): string {
  const role = pg.escapeIdentifier(name);
  const mark =
    runId === undefined ? '' : `comment on role ${role} is ${pg.escapeLiteral(roleMark(runId))};`;
  return `do $$ begin
  if not exists (select from pg_roles where rolname = ${pg.escapeLiteral(name)}) then
    create role ${role} ${options};
    ${mark}
  end if;
exception when duplicate_object or unique_violation then null;
end $$;`;
}

/** The comment of a role that a run made: without it no undo drops the role, nor what it owns. */
function roleMark(runId: string): string {
  return JSON.stringify({ windlass: 'role', run: runId });
}

/** Whether the role `of` (SQL for its oid) carries the mark of one of the runs. */
function isMarked(of: string, madeBy: readonly string[]): string {
  const marks = madeBy.map((runId) => pg.escapeLiteral(roleMark(runId))).join(', ');
  return `coalesce(shobj_description(${of}, 'pg_authid') = any(array[${marks}]::text[]), false)`;
}

function dropSchema(service: string, madeBy: readonly string[]): string {
  const { schema } = names(service);
  return `do $$ declare owner oid; begin
  select nspowner into owner from pg_namespace where nspname = ${pg.escapeLiteral(service)};
  if owner is distinct from to_regrole(${pg.escapeLiteral(names(service).owner)})::oid then return; end if;
  if ${isMarked('owner', madeBy)} then drop schema if exists ${schema} cascade;
  else drop schema if exists ${schema} restrict;
  end if;
exception when dependent_objects_still_exist then null;
end $$;`;
}

// `drop owned` asks for membership; it takes the default privileges that would hold the role.
function dropRole(name: string, madeBy: readonly string[]): string {
  const role = pg.escapeIdentifier(name);
  const found = `to_regrole(${pg.escapeLiteral(role)})`;
  return `do $$ begin
  if ${isMarked(`${found}::oid`, madeBy)} then
    grant ${role} to current_user;
    drop owned by ${role} cascade;
    drop role ${role};
  end if;
end $$;`;
}
