import { removeObject } from '../gcp/object-changes.ts';
import { listObjects } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { listBackups } from './list-backups.ts';
import { backupFolder } from './manifest.ts';
import { setsToPrune } from './retention.ts';

/** Removes the backup sets that the rule lets go; the manifest first, which ends a set. */
export async function pruneBackups(site: Site): Promise<readonly string[]> {
  const sets = (await listBackups(site)).map(({ manifest }) => ({
    id: manifest.runId,
    at: manifest.at,
    release: manifest.release,
    proven: manifest.database !== null, // no manifest is written before its trial restore
  }));
  const gone = setsToPrune(sets, site.config.backups);
  for (const id of gone) await removeSet(site, `${backupFolder(id)}/`);
  return gone;
}

async function removeSet(site: Site, prefix: string): Promise<void> {
  const bucket = site.releaseBucket;
  await removeObject(site.google, { bucket, name: `${prefix}manifest.json` });
  const parts = await listObjects(site.google, bucket, prefix);
  for (const { name } of parts) await removeObject(site.google, { bucket, name });
}
