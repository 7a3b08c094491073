import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOfFile } from '../backups/digest-of-file.ts';
import { listBackups } from '../backups/list-backups.ts';
import type { BackupManifest } from '../backups/manifest.ts';
import { unsealFile } from '../backups/seal.ts';
import { readToFile } from '../gcp/object-files.ts';
import type { Site } from '../site.ts';

type Part = NonNullable<BackupManifest['secrets']>;

/** A value that a backup kept, and which set it is of. */
export interface KeptSecret {
  readonly value: string;
  readonly backup: string;
}

/**
 * The newest value that the environment's own backups kept of each generated secret; a part that
 * is damaged is passed over. An environment never gets another one's values.
 */
export async function keptSecrets(site: Site): Promise<Readonly<Record<string, KeptSecret>>> {
  const kept: Record<string, KeptSecret> = {};
  for (const { manifest } of (await listBackups(site)).toReversed()) {
    const { environment, secrets, runId: backup } = manifest;
    if (environment !== site.name || !secrets || secrets.ids.every((id) => id in kept)) continue;
    const values = await valuesOf(site, secrets);
    for (const [id, value] of Object.entries(values)) kept[id] ??= { value, backup };
  }
  return kept;
}

async function valuesOf(site: Site, part: Part): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-secrets-'));
  try {
    const sealed = join(folder, 'sealed');
    await readToFile(site.google, { bucket: site.releaseBucket, name: part.object }, sealed);
    if ((await digestOfFile(sealed)) !== part.sha256) return {};
    const plain = join(folder, 'plain');
    await unsealFile(sealed, plain, await site.backupKeys.byId(part.keyId));
    return z.record(z.string(), z.string()).parse(JSON.parse(await readFile(plain, 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
}
