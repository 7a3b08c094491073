import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { releasedHere } from '../releases/as-released.ts';
import { secretName, serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';

/**
 * Throws SECRET_SOURCE_CHANGED where a secret becomes external or ceases to be: the stack would
 * delete it with the value of a person in it, or make what is there already.
 */
export async function refuseOtherSource(
  site: Site,
  previous: Standing | null | undefined,
): Promise<void> {
  if (!previous) return;
  const before = new Map(
    serviceSecrets(await releasedHere(site, previous.release)).map((one) => [one.id, one.source]),
  );
  for (const secret of serviceSecrets(site.config)) {
    const was = before.get(secret.id) ?? secret.source;
    if ((was === 'external') === (secret.source === 'external')) continue;
    throw new Failure({
      code: 'SECRET_SOURCE_CHANGED',
      what: `${secret.id} would change its source, from \`${was}\` to \`${secret.source}\``,
      why: 'one is created and deleted with the environment, the other is set by a person',
      fix: `Give it another name than \`${secretName(secret)}\` in services.${secret.service}.secrets, and let the service read that.`,
    });
  }
}
