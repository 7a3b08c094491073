import { newestEnabled } from '../gcp/secrets.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';

/** The generated secrets whose values are gone: no backup holds them, so they are made anew. */
export async function lostSecrets(site: Site): Promise<readonly string[]> {
  const generated = serviceSecrets(site.config).filter(({ source }) => source === 'generated');
  const found = await Promise.all(
    generated.map(async ({ id }) => {
      const version = await newestEnabled(site.google, id).catch(() => undefined);
      return version === undefined ? [`the value of ${id} is lost: a new one is generated`] : [];
    }),
  );
  return found.flat();
}
