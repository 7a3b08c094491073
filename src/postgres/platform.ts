// What a hosted Supabase project has before its user made anything. Sources: Supabase's pages
// "Postgres roles", "Extensions" and "User management"; the schemas that `supabase db dump` passes
// over; supabase/postgres' init scripts. `supabase_migrations` is no schema of the platform here: a
// fresh project does not have it, the history of `supabase db push` is the user's.

/** The platform's schemas, and how much of each a dump carries; every other schema is the user's. One of
 * which it carries nothing counts only where a role of the platform owns it: `etl` may be the user's. */
export const platformSchemas: Readonly<Record<string, 'rows' | 'shape' | 'nothing'>> = {
  auth: 'rows',
  // What users hang on them (triggers, policies, foreign keys) needs their shape.
  storage: 'shape',
  realtime: 'shape',
  supabase_functions: 'shape',
  // Those of extensions, and those of the platform's own machines.
  cron: 'nothing',
  graphql: 'nothing',
  graphql_public: 'nothing',
  net: 'nothing',
  pgbouncer: 'nothing',
  pgsodium: 'nothing',
  pgsodium_masks: 'nothing',
  pgtle: 'nothing',
  repack: 'nothing',
  vault: 'nothing',
  _analytics: 'nothing',
  _realtime: 'nothing',
  _supavisor: 'nothing',
  etl: 'nothing',
};

/** Where the platform's and the user's things lie side by side: what an owner of the platform has is the platform's. */
export const sharedSchema = 'extensions';

/** Extensions that the platform makes, or that one database of a server alone can have. */
export const platformExtensions: ReadonlySet<string> = new Set([
  ...['pg_cron', 'pg_graphql', 'pg_net', 'pg_stat_statements', 'pgsodium', 'pg_tle', 'pg_repack'],
  ...['plpgsql', 'supabase_vault'],
]);

// In words that Postgres' regular expressions know as well.
const platformRole =
  /^(supabase_[a-z_]+|pgsodium_[a-z_]+|pgbouncer|dashboard_user|pgtle_admin|cli_login_[a-z0-9_]+)$/;

/** Whether a role is the platform's own, so that what it owns comes with a fresh project. */
export function isPlatformRole(role: string): boolean {
  return platformRole.test(role);
}

/** Roles that a project begins with, and that users' things belong to and are granted to. */
export const projectRoles: ReadonlySet<string> = new Set([
  ...['postgres', 'anon', 'authenticated', 'service_role', 'authenticator'],
]);

/** Whether a schema is the platform's and a dump carries some of it. */
export function isCarried(schema: string): boolean {
  return ['rows', 'shape'].includes(platformSchemas[schema] ?? '');
}

/** The schemas that are the user's own, as a query: nobody else makes them anew. */
export const userSchemasQuery = `
select nspname as name from pg_namespace
where nspname !~ '^pg_' and nspname not in ('information_schema', ${namesOf('rows', 'shape')})
  and not (${ofNothing()}) order by 1`;

/** The platform's schemas that no dump carries, as a query. */
export const platformSchemasQuery = `
select nspname as name from pg_namespace where ${ofNothing()} order by 1`;

function ofNothing(): string {
  return `nspname in (${namesOf('nothing')}) and nspowner::regrole::text ~ '${platformRole.source}'`;
}

function namesOf(...parts: readonly string[]): string {
  const found = Object.entries(platformSchemas).filter(([, part]) => parts.includes(part));
  return found.map(([name]) => `'${name}'`).join(', ');
}
