import { newestEnabled } from '../gcp/secrets.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import { keptSecrets } from './kept-secrets.ts';

/**
 * What becomes of the generated secrets whose values are gone, in words: they come back from a
 * backup of this environment, or are made anew where none holds them.
 */
export async function lostSecrets(site: Site): Promise<readonly string[]> {
  const generated = serviceSecrets(site.config).filter(({ source }) => source === 'generated');
  const versions = await Promise.all(
    generated.map(({ id }) => newestEnabled(site.google, id).catch(() => undefined)),
  );
  const lost = generated.filter((_secret, index) => versions[index] === undefined);
  if (lost.length === 0) return [];
  const kept = await keptSecrets(site);
  return lost.map(({ id }) => {
    const from = kept[id]?.backup;
    return from === undefined
      ? `the value of ${id} is lost: a new one is generated`
      : `the value of ${id} comes back from the backup ${from}`;
  });
}
