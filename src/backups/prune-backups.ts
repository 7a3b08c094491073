import { removeObject } from '../gcp/object-changes.ts';
import type { Site } from '../site.ts';
import { listBackups } from './list-backups.ts';
import type { BackupSet } from './list-backups.ts';
import { backupFolder } from './manifest.ts';
import type { BackupManifest } from './manifest.ts';
import { setsToPrune } from './retention.ts';

/** Removes the backup sets that the rule lets go; the manifest first, which ends a set. */
export async function pruneBackups(site: Site): Promise<readonly string[]> {
  const found = (await listBackups(site)).filter((set) => isOwn(site, set));
  const sets = found.map(({ manifest }) => ({
    id: manifest.runId,
    at: manifest.at,
    release: manifest.release,
    proven: manifest.database !== null, // no manifest is written before its trial restore
  }));
  const gone = setsToPrune(sets, site.config.backups);
  for (const { manifest } of found.filter((set) => gone.includes(set.manifest.runId)))
    await removeSet(site, manifest);
  return gone;
}

/** A manifest of this environment in the folder of its own run; what another says proves nothing. */
function isOwn({ name, environment }: Site, { manifest, stored }: BackupSet): boolean {
  const { project, runId } = manifest;
  if (manifest.environment !== name || project !== environment.project) return false;
  return stored.object === `${backupFolder(runId)}/manifest.json`;
}

/** What the manifest names below its own folder, and nothing that lies beside it. */
async function removeSet(site: Site, { runId, states, database, secrets }: BackupManifest) {
  const bucket = site.releaseBucket;
  const below = `${backupFolder(runId)}/`;
  await removeObject(site.google, { bucket, name: `${below}manifest.json` });
  for (const part of [...states, database, secrets])
    if (part?.object.startsWith(below))
      await removeObject(site.google, { bucket, name: part.object });
}
