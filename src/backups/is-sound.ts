import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readToFile } from '../gcp/object-files.ts';
import type { Site } from '../site.ts';
import { digestOfFile } from './digest-of-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { BackupManifest } from './manifest.ts';

/** Whether every part of a backup set is there with the digest that its manifest states. */
export async function isSound(site: Site, manifest: BackupManifest): Promise<boolean> {
  const { states, database, secrets } = manifest;
  const parts = [...states, ...[database, secrets].flatMap((part) => part ?? [])];
  const folder = await temporaryFolder('set');
  try {
    for (const [index, { object, sha256 }] of parts.entries()) {
      const file = join(folder, String(index));
      const read = await readToFile(
        site.google,
        { bucket: site.releaseBucket, name: object },
        file,
      ).then(
        () => true,
        () => false,
      );
      if (!read || (await digestOfFile(file)) !== sha256) return false;
    }
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
