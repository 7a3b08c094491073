import pg from 'pg';

/** Windlass' own admin, where the platform gives no short-lived login. */
export const ownAdminRole = 'windlass_admin';

/**
 * Makes or mends the role with all that `postgres` may hand on: it cannot grant itself, nor what
 * belongs to the platform. The verifier is no password. Safe to run twice.
 */
export function ownAdminSql(verifier: string, services: readonly string[]): string {
  return `
do $$ begin
  if to_regrole('${ownAdminRole}') is null then create role ${ownAdminRole}; end if;
end $$;
alter role ${ownAdminRole} login createdb createrole bypassrls password ${pg.escapeLiteral(verifier)};
${ownAdminGrants(services)}`;
}

/** Takes the role away with all that it was granted. */
export const ownAdminDropSql = `
grant ${ownAdminRole} to current_user;
drop owned by ${ownAdminRole} cascade;
drop role ${ownAdminRole};`;

/** What the role needs of each service's roles, where there is such a role; safe to run twice. */
export function ownAdminGrants(services: readonly string[]): string {
  const roles = services.flatMap((name) => [
    `${name}_owner`,
    `${name}_service`,
    `${name}_service_2`,
  ]);
  const names = [...roles, 'windlass_migrator', 'anon', 'authenticated', 'service_role'];
  const list = names.map((name) => pg.escapeLiteral(name)).join(', ');
  return `
do $$ declare one record; begin
  if to_regrole('${ownAdminRole}') is null then return; end if;
  execute format('grant create, connect, temporary on database %I to ${ownAdminRole}', current_database());
  for one in select rolname from pg_roles where rolname in (${list}) loop
    begin
      execute format('grant %I to ${ownAdminRole} with admin true, inherit true, set true', one.rolname);
    exception when insufficient_privilege then null;
    end;
  end loop;
  begin
    grant usage on schema auth to ${ownAdminRole};
    grant select on all tables in schema auth to ${ownAdminRole};
    grant select on all sequences in schema auth to ${ownAdminRole};
  exception when insufficient_privilege then null;
  end;
end $$;`;
}
