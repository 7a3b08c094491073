import { z } from 'zod';
import { isAsRecorded } from '../backups/as-recorded.ts';
import { listBackups } from '../backups/list-backups.ts';
import type { BackupManifest } from '../backups/manifest.ts';
import { unsealBytes } from '../backups/seal-bytes.ts';
import { readObject } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { readLedger } from '../releases/ledger.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';

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
  const ledger = (await unlessMissing(readLedger(site))) ?? [];
  const sets = (await listBackups(site)).filter((set) => isAsRecorded(set, ledger));
  for (const { manifest } of sets.toReversed()) {
    const { environment, secrets, runId: backup } = manifest;
    if (environment !== site.name || !secrets || secrets.ids.every((id) => Object.hasOwn(kept, id)))
      continue;
    const values = await valuesOf(site, secrets);
    for (const [id, value] of Object.entries(values)) kept[id] ??= { value, backup };
  }
  return kept;
}

async function valuesOf(site: Site, part: Part): Promise<Readonly<Record<string, string>>> {
  const { object: name, keyId } = part;
  const sealed = await readObject(site.google, { bucket: site.releaseBucket, name });
  if (!sealed || sha256(sealed) !== part.sha256) return {};
  const plain = unsealBytes(sealed, await site.backupKeys.byId(keyId), name);
  const schema = z.record(z.string(), z.string());
  const where = `gs://${site.releaseBucket}/${name}`;
  return readStored(plain, { schema, what: 'The secrets of a backup', where });
}
