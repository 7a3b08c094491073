import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { putFileOnce } from '../gcp/object-files.ts';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import { digestOfFile } from './digest-of-file.ts';
import { keyId } from './keys.ts';
import type { BackupManifest } from './manifest.ts';
import { sealFile } from './seal.ts';

/**
 * Keeps the generated secrets' values, which nothing could make again, encrypted as the dump is;
 * null = there is none yet. Every other secret can be filled from where it came.
 */
export async function backUpSecrets(
  site: Site,
  runId: string,
  folder: string,
): Promise<BackupManifest['secrets']> {
  const values = await generatedValues(site);
  const ids = Object.keys(values);
  if (ids.length === 0) return null;
  const local = join(site.home, 'runs', runId);
  await mkdir(local, { recursive: true });
  const [plain, sealed] = [join(local, 'secrets.json'), join(local, 'secrets.json.sealed')];
  const key = await site.backupKeys.current();
  try {
    await writeFile(plain, JSON.stringify(values), { mode: 0o600 });
    await sealFile(plain, sealed, key);
  } finally {
    await rm(plain, { force: true });
  }
  const sha256 = await digestOfFile(sealed);
  const { size: bytes } = await stat(sealed);
  const object = `${folder}/secrets-${sha256.slice(0, 12)}.json.sealed`;
  await putFileOnce(site.google, { bucket: site.releaseBucket, name: object }, sealed);
  await rm(sealed);
  return { object, sha256, bytes, keyId: keyId(key), ids };
}

async function generatedValues(site: Site): Promise<Readonly<Record<string, string>>> {
  const generated = serviceSecrets(site.config).filter(({ source }) => source === 'generated');
  const found = await Promise.all(
    generated.map(async ({ id }) => {
      const version = await unlessMissing(newestEnabled(site.google, id));
      if (version === undefined) return [];
      return [[id, String(await accessVersion(site.google, { secret: id, version }))] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}
