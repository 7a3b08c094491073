/**
 * Tells PostgREST of every change of the schema, as Supabase does. Function and trigger are made
 * members of the extension plpgsql, so that pg_dump by the owner leaves them out.
 */
export const reloadTrigger = `
create or replace function pg_catalog.pgrst_ddl_watch() returns event_trigger
language plpgsql as $$ begin perform pg_notify('pgrst', 'reload schema'); end $$;

create event trigger pgrst_ddl_watch on ddl_command_end
  execute function pg_catalog.pgrst_ddl_watch();

create event trigger pgrst_drop_watch on sql_drop
  execute function pg_catalog.pgrst_ddl_watch();

alter extension plpgsql add event trigger pgrst_ddl_watch;

alter extension plpgsql add event trigger pgrst_drop_watch;
`;
