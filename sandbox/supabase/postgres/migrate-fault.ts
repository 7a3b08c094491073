import pg from 'pg';
import type { Fault } from '../../faults.ts';
import type { ProjectRecord } from '../record.ts';
import { adminLogin } from './sql.ts';

const name = 'windlass_fault_migrate';

/**
 * Installs or removes (undefined) the event trigger behind the fault `migrate`: `CREATE TABLE` and
 * `ALTER TABLE` by `<service>_owner` in the database `postgres` are refused, of any service where the
 * fault names none.
 */
export async function setMigrateFault(record: ProjectRecord, fault?: Fault): Promise<void> {
  const client = new pg.Client(adminLogin(record));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(removal);
    const service = fault?.['service'];
    if (fault) await client.query(installation(typeof service === 'string' ? service : '%'));
  } finally {
    await client.end();
  }
}

const removal = `
do $$ begin
  if exists (select from pg_event_trigger where evtname = '${name}') then
    alter extension plpgsql drop event trigger ${name};
    drop event trigger ${name};
  end if;
  drop function if exists pg_catalog.${name}();
end $$`;

// As members of the extension plpgsql both stay out of pg_dump and of user schemas.
function installation(service: string): string {
  return `
create function pg_catalog.${name}() returns event_trigger language plpgsql as $fault$
begin
  if current_user like ${pg.escapeLiteral(`${service}\\_owner`)} then
    raise exception 'the sandbox fault "migrate" refuses tables of schema %',
      left(current_user, -length('_owner')) using errcode = 'insufficient_privilege';
  end if;
end $fault$;
create event trigger ${name} on ddl_command_start
  when tag in ('CREATE TABLE', 'ALTER TABLE') execute function pg_catalog.${name}();
alter extension plpgsql add event trigger ${name};`;
}
