import { Failure } from '../failure.ts';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import type { Site } from '../site.ts';

/** A secret's newest enabled value; undefined where there is none, or none that we may read. */
export async function newestValue(site: Site, secret: string): Promise<string | undefined> {
  try {
    const version = await newestEnabled(site.google, secret);
    if (version === undefined) return undefined;
    return String(await accessVersion(site.google, { secret, version }));
  } catch (error) {
    if (error instanceof Failure && unseen.has(error.code)) return undefined;
    throw error;
  }
}

const unseen = new Set(['GOOGLE_NOT_FOUND', 'GOOGLE_DENIED', 'GOOGLE_API_OFF']);
