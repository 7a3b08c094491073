import { putOnce } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { sha256 } from '../releases/archive.ts';
import { uniqueSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import { keyId } from './keys.ts';
import type { BackupManifest } from './manifest.ts';
import { sealBytes } from './seal-bytes.ts';

/**
 * Keeps the values of generated secrets and of those that a person filled, which nothing could make
 * again, encrypted as the dump is; null = there is none yet. Every other secret can be filled from
 * where it came.
 */
export async function backUpSecrets(
  site: Site,
  folder: string,
): Promise<BackupManifest['secrets']> {
  const values = await uniqueValues(site);
  const ids = Object.keys(values);
  if (ids.length === 0) return null;
  const key = await site.backupKeys.current();
  const sealed = sealBytes(Buffer.from(JSON.stringify(values)), key);
  const digest = sha256(sealed);
  const object = `${folder}/secrets-${digest.slice(0, 12)}.json.sealed`;
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, sealed);
  return { object, sha256: digest, bytes: sealed.length, keyId: keyId(key), ids };
}

async function uniqueValues(site: Site): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    uniqueSecrets(site).map(async ({ id }) => {
      const version = await unlessMissing(newestEnabled(site.google, id));
      if (version === undefined) return [];
      return [[id, String(await accessVersion(site.google, { secret: id, version }))] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}
