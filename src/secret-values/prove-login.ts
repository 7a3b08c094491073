import { Failure } from '../failure.ts';
import { accessVersion } from '../gcp/secrets.ts';
import { isRefusal, withClient } from '../postgres/connect.ts';
import type { ServiceSecret } from '../services.ts';
import type { Site } from '../site.ts';
import { loginOf } from './database-url.ts';

/**
 * Logs in the way the service will, by the address in its secret, and lets nobody pass who is not
 * the service's own role there.
 */
export async function proveLogin(
  site: Site,
  { id, service }: ServiceSecret,
  version: number,
): Promise<void> {
  const text = String(await accessVersion(site.google, { secret: id, version }));
  const login = loginOf(text, site.supabase.databaseCa);
  const asked = withClient(login, (client) => client.query('select current_user as role'));
  const { rows } = await asked.catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refused(service, login.tenant === undefined ? why : `by the pooler: ${why}`, cause);
  });
  const role = String(rows[0]?.role);
  if (role !== `${service}_service`) throw refused(service, `the login acts as ${role}`);
}

function refused(service: string, why: string, cause?: unknown): Failure {
  const final = cause === undefined || cause instanceof Failure || isRefusal(cause);
  return new Failure({
    class: final ? 'undo' : 'retry', // a connection that was lost may come back
    code: 'SERVICE_LOGIN_REFUSED',
    what: `${service} cannot log in to its database`,
    why,
    fix: `Give it a new login: \`windlass secrets rotate ${service} -e ENVIRONMENT\`.`,
    cause,
  });
}
