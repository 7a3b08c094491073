import { serviceSecrets } from '../services.ts';
import { adminSecret, migratorSecret } from '../login-secrets.ts';
import { newestValue } from '../secret-values/newest-value.ts';
import type { Site } from '../site.ts';
import { readJwtSecret, readKeys } from '../supabase/keys.ts';
import { findProject } from '../supabase/project.ts';
import type { Value } from './shared-values.ts';

/**
 * What must be an environment's own: identities, tokens, keys and passwords. What does not exist
 * yet, or may not be seen by these credentials, is left out.
 */
export async function ownValues(site: Site): Promise<readonly Value[]> {
  const read = await Promise.all([supabaseValues(site), secretValues(site)]);
  return [
    { what: 'the Google project', value: site.environment.project },
    { what: 'the state bucket', value: site.stateBucket },
    { what: 'the release bucket', value: site.releaseBucket },
    ...read.flat(),
  ];
}

async function supabaseValues(site: Site): Promise<readonly Value[]> {
  const { organization, project: name } = site.environment.supabase;
  const token = { what: 'the Supabase access token', value: await site.supabase.token() };
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return [token];
  const ref = { what: 'the Supabase project', value: project.ref };
  if (project.status !== 'ACTIVE_HEALTHY') return [token, ref];
  const keys = await readKeys(site.supabase, project.ref);
  const shared = await readJwtSecret(site.supabase, project.ref);
  return [
    ...[token, ref],
    ...(shared === undefined ? [] : [{ what: 'the JWT secret', value: shared }]),
    { what: 'the secret key', value: keys.serviceRole },
  ];
}

/** Passwords and generated keys; secrets made of Supabase's own values are compared there. */
async function secretValues(site: Site): Promise<readonly Value[]> {
  const held = serviceSecrets(site.config).filter(({ source }) => !source.startsWith('supabase'));
  const found = await Promise.all(
    [adminSecret, migratorSecret, ...held.map(({ id }) => id)].map(async (id) => {
      const text = await newestValue(site, id);
      return text === undefined ? [] : [{ what: `the secret ${id}`, value: passwordOf(text) }];
    }),
  );
  return found.flat();
}

/** Of a database's address only the password is secret, and only that can be shared. */
function passwordOf(text: string): string {
  return URL.canParse(text) ? new URL(text).password || text : text;
}
