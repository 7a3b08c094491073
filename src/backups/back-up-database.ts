import { rm } from 'node:fs/promises';
import { putFileOnce } from '../gcp/object-files.ts';
import { unlessLost } from '../postgres/lost.ts';
import type { Picture } from '../postgres/picture.ts';
import { trialRestore } from '../postgres/trial-restore.ts';
import { sweepTrialDatabases } from '../postgres/sweep-trials.ts';
import { databaseServices } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import { sweepTemporaryFolders } from '../temporary-folder.ts';
import { keyId } from './keys.ts';
import type { BackupManifest } from './manifest.ts';
import { requireRoom } from './room-for-trial.ts';
import { sweepRunFolders } from './sweep-run-folders.ts';
import { takeDump } from './take-dump.ts';
import { unseal } from './unseal.ts';

interface Asked {
  readonly runId: string;
  /** Where the set's parts go. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly beat: (progress: string) => void;
  /** Told what the snapshot held, once its dump is proven. */
  readonly onPicture?: (picture: Picture) => Promise<void>;
}

/**
 * Dumps the database as it is in one snapshot, sealed before it touches a disk, and proves the dump
 * by a trial restore against that snapshot; null = there is no database yet. Users write meanwhile
 * as they like. What dead runs left is swept first.
 */
export async function backUpDatabase(
  site: Site,
  asked: Asked,
): Promise<BackupManifest['database']> {
  const login = await databaseOf(site);
  if (!login) return null;
  return unlessLost(backUp(site, login, asked));
}

async function backUp(
  site: Site,
  login: DatabaseLogin,
  { runId, folder, signal, beat, onPicture }: Asked,
) {
  await Promise.all([sweepTemporaryFolders(), sweepRunFolders(site.home)]);
  const { unknown } = await sweepTrialDatabases(login, site.name);
  const services = databaseServices(site.config);
  const untold = await requireRoom(site, login);
  const key = await site.backupKeys.current();
  beat('dumping the database');
  const dump = await takeDump(login, { home: site.home, runId, services, key, signal });
  try {
    beat('restoring the dump for a trial');
    const { picture, sha256, bytes, file } = dump;
    const owner = { environment: site.name, id: trialId(runId) };
    const source = () => unseal(file, key);
    const tried = await trialRestore(login, { owner, picture, dump: source, services, signal });
    const object = `${folder}/database-${sha256.slice(0, 12)}.dump.sealed`;
    await putFileOnce(site.google, { bucket: site.releaseBucket, name: object }, file);
    await onPicture?.(picture);
    const { fingerprint, revisions, authVersion, roles } = picture;
    const leftOut = [...dump.notCarried, ...tried.left, ...unknown.map(unmarked), ...untold];
    const about = { object, sha256, bytes, keyId: keyId(key), fingerprint, revisions };
    const content = picture.content.map((one) => ({ ...one, columns: [...one.columns] }));
    const restored = tried.fingerprint;
    return { ...about, restored, authVersion, roles: [...roles], content, leftOut };
  } finally {
    await rm(dump.file, { force: true });
  }
}

/** Names the scratch database of a run. */
export function trialId(runId: string): string {
  return runId.replaceAll('-', '').slice(0, 16);
}

function unmarked(name: string) {
  return {
    what: `database ${name}`,
    why: 'it looks like a scratch database of an older Windlass: drop it if no run uses it',
  };
}
