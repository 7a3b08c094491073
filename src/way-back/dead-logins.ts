import { Failure } from '../failure.ts';
import { proveLogin } from '../secret-values/prove-login.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import type { WayBack } from './check-way-back.ts';

/**
 * A Failure that names every service of the target whose login the database refuses: one that was
 * retired, or whose password somebody changed. A lost connection is thrown as it is, to try again.
 */
export async function refuseDeadLogins(site: Site, { target, ...way }: WayBack): Promise<void> {
  const logins = serviceSecrets(site.config).filter(
    ({ id, source }) => source === 'database' && !way.missing.includes(id),
  );
  const tried = await Promise.allSettled(
    logins.map((secret) => proveLogin(site, secret, Number(way.versions[secret.id]))),
  );
  const dead: { readonly service: string; readonly why: string }[] = [];
  for (const [index, one] of tried.entries()) {
    if (one.status === 'fulfilled') continue;
    const error: unknown = one.reason;
    if (!(error instanceof Failure) || error.class !== 'undo') throw error;
    dead.push({ service: logins[index]?.service ?? '', why: error.why });
  }
  if (dead.length === 0) return;
  const enable = dead.map(
    ({ service }) =>
      `\`windlass secrets enable ${service} --to ${target.release.id} -e ${site.name}\``,
  );
  throw new Failure({
    code: 'SERVICE_LOGIN_REFUSED',
    what: `${dead.map(({ service }) => service).join(', ')} cannot log in to its database with the secrets of ${target.release.id}`,
    why: dead.map(({ service, why }) => `${service}: ${why}`).join('; '),
    fix: `Restore the password that its secret has: ${enable.join(', ')}; then roll back again.`,
  });
}
