import type { Stored } from '../deploy.ts';
import { listObjects, readObject } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { BackupManifest } from './manifest.ts';

/** A backup set: its manifest, and where that lies. */
export interface BackupSet {
  readonly stored: Stored;
  readonly manifest: BackupManifest;
}

/** Every finished backup set of the environment, oldest first; one without a manifest is none. */
export async function listBackups(site: Site): Promise<readonly BackupSet[]> {
  const listing = listObjects(site.google, site.releaseBucket, 'backups/');
  const objects = (await unlessMissing(listing)) ?? [];
  const manifests = objects.filter(({ name }) => name.endsWith('/manifest.json'));
  const sets = await Promise.all(manifests.map(({ name }) => readSet(site, name)));
  return sets
    .flatMap((set) => set ?? [])
    .sort((a, b) => a.manifest.at.localeCompare(b.manifest.at));
}

async function readSet(site: Site, object: string): Promise<BackupSet | undefined> {
  const content = await readObject(site.google, { bucket: site.releaseBucket, name: object });
  if (!content) return undefined;
  const parsed = BackupManifest.safeParse(jsonOf(content));
  return parsed.success
    ? { stored: { object, sha256: sha256(content) }, manifest: parsed.data }
    : undefined;
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(String(content));
  } catch {
    return undefined;
  }
}
