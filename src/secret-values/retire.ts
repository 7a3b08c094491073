import { Failure } from '../failure.ts';
import { disableVersion, listVersions } from '../gcp/secrets.ts';
import { clearPassword } from '../postgres/roles.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import type { ServiceSecret } from '../services.ts';
import { requireDatabase } from '../site-database.ts';
import type { Site } from '../site.ts';
import { refuseStillKept } from './replaced.ts';
import { userOf } from './rotate.ts';

/**
 * Disables the versions before the one in force, once no rollback needs them any more, and takes
 * the password of their logins away. Answers what was retired, in words.
 */
export async function retireVersions(
  site: Site,
  secrets: readonly ServiceSecret[],
): Promise<readonly string[]> {
  const ledger = await readLedger(site);
  const inForce = standingOf(ledger)?.secretVersions ?? {};
  const ids = secrets.map(({ id }) => id);
  refuseStillKept(ledger, ids, site.config.rotation.keepHours);
  const told: string[] = [];
  for (const secret of secrets) {
    const now = Number(inForce[secret.id]);
    if (!now) throw notInForce(secret.id);
    const kept = secret.source === 'database' ? await userOf(site, secret.id, now) : undefined;
    for (const { number, state } of await listVersions(site.google, secret.id)) {
      if (state !== 'ENABLED' || number >= now) continue;
      const user = kept === undefined ? undefined : await userOf(site, secret.id, number);
      await disableVersion(site.google, { secret: secret.id, version: number });
      const ended = user !== kept && isLoginOf(secret, user) ? user : undefined;
      if (ended !== undefined) await clearPassword(await requireDatabase(site), ended);
      told.push(
        `${secret.id}: version ${number} disabled${ended === undefined ? '' : `, ${ended} has no password`}`,
      );
    }
  }
  return told;
}

/** A value is whatever somebody put there: it may name `postgres`, or the role of another service. */
function isLoginOf({ service }: ServiceSecret, user: string | undefined): boolean {
  return user === `${service}_service` || user === `${service}_service_2`;
}

function notInForce(id: string): Failure {
  return new Failure({
    code: 'NOTHING_DEPLOYED',
    what: `No deployed release uses ${id}`,
    why: 'the ledger names no version of it',
    fix: 'Deploy first.',
  });
}
