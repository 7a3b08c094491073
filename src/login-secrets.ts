/**
 * The secret that holds the admin's login: the password of `postgres` alone where Windlass set it
 * once, the URL of `windlass_admin`, or nothing where short-lived logins do. No service may read it.
 */
export const adminSecret = 'supabase-admin';

/** The secret that holds the URL of the migrator's login; its account alone may read it. */
export const migratorSecret = 'supabase-migrator';
