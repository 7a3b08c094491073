import { newestEnabled } from '../gcp/secrets.ts';
import { uniqueSecrets } from '../services.ts';
import type { ServiceSecret } from '../services.ts';
import { commandFor, refuseWithoutValue, withoutValue } from '../secret-values/external.ts';
import { drilledBy } from '../drills/drill-site.ts';
import type { Site } from '../site.ts';
import { keptSecrets } from './kept-secrets.ts';

/**
 * What becomes of the generated and external secrets whose values are gone, in words: they come back
 * from a backup of this environment; where none holds them a generated one is made anew, and for an
 * external one a person is asked.
 */
export async function lostSecrets(site: Site): Promise<readonly string[]> {
  const unique = uniqueSecrets(site);
  const versions = await Promise.all(
    unique.map(({ id }) => newestEnabled(site.google, id).catch(() => undefined)),
  );
  const lost = unique.filter((_secret, index) => versions[index] === undefined);
  if (lost.length === 0) return [];
  const kept = await keptSecrets(site);
  return lost.map((secret) => {
    const from = kept[secret.id]?.backup;
    if (from !== undefined) return `the value of ${secret.id} is restored from the backup ${from}`;
    return `the value of ${secret.id} is lost: ${insteadOf(site, secret)}`;
  });
}

function insteadOf(site: Site, secret: ServiceSecret): string {
  if (secret.source === 'generated') return 'a new one is generated';
  if (drilledBy(site.name) !== undefined) return 'the drill uses a placeholder';
  return `give it again with \`${commandFor(site.name, secret)}\``;
}

/** Throws SECRET_VALUE_MISSING where a person's value is gone and no backup of this environment has it. */
export async function refuseLostExternal(site: Site): Promise<void> {
  const lost = await withoutValue(site);
  if (lost.length === 0) return;
  const kept = await keptSecrets(site);
  refuseWithoutValue(
    site,
    lost.filter(({ id }) => kept[id] === undefined),
  );
}
