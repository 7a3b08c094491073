/**
 * The lines of `pg_restore --list` for the services: without the schemas themselves, which exist
 * already, and without `auth`, which belongs to the platform.
 */
export function servicesOnly(list: string): string {
  return list
    .split('\n')
    .filter((line) => !schemaItself.test(line) && !ofAuth.test(line))
    .join('\n');
}

/** The lines for the rows of users and identities, users first. */
export function signInRows(list: string): string {
  const lines = list.split('\n').filter((line) => ofUsers.test(line));
  return lines.sort((a) => (a.includes(' auth users ') ? -1 : 1)).join('\n');
}

// `3560; 0 16500 TABLE DATA auth users supabase_auth_admin`
const ofUsers = /^\d+; \d+ \d+ TABLE DATA auth (?:users|identities) /;
// `6; 2615 16390 SCHEMA - habits habits_owner`
const schemaItself = /^\d+; \d+ \d+ SCHEMA - /;
// `215; 1259 16400 TABLE auth users supabase_auth_admin`, `3466; 0 0 ACL - SCHEMA auth postgres`
const ofAuth = /^\d+; \d+ \d+ (?:[A-Z][A-Z ]* auth |[A-Z ]+ - SCHEMA auth )/;
