import type { Stored } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { listObjects, readObject } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';
import { BackupManifest } from './manifest.ts';

/** A backup set: its manifest, and where that lies. */
export interface BackupSet {
  readonly stored: Stored;
  readonly manifest: BackupManifest;
}

/** Every finished backup set of the environment, oldest first; one without a manifest is none. */
export async function listBackups(site: Site): Promise<readonly BackupSet[]> {
  return (await lookAtBackups(site)).sets;
}

/** The same, and what is wrong with each manifest that cannot be read. */
export async function lookAtBackups(site: Site): Promise<{
  readonly sets: readonly BackupSet[];
  readonly damaged: readonly Failure[];
}> {
  const listing = listObjects(site.google, site.releaseBucket, 'backups/');
  const objects = (await unlessMissing(listing)) ?? [];
  const manifests = objects.filter(({ name }) => name.endsWith('/manifest.json'));
  const found = await Promise.all(manifests.map(({ name }) => readSet(site, name)));
  const sets = found.flatMap((one) => (one instanceof Failure || !one ? [] : one));
  return {
    sets: sets.sort((a, b) => a.manifest.at.localeCompare(b.manifest.at)),
    damaged: found.flatMap((one) => (one instanceof Failure ? one : [])),
  };
}

async function readSet(site: Site, object: string): Promise<BackupSet | Failure | undefined> {
  const content = await readObject(site.google, { bucket: site.releaseBucket, name: object });
  if (!content) return undefined;
  const stored = { object, sha256: sha256(content) };
  const where = `gs://${site.releaseBucket}/${object}`;
  try {
    return {
      stored,
      manifest: readStored(content, { schema: BackupManifest, what: 'A backup', where }),
    };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
