import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stored } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readToFile } from '../gcp/object-files.ts';
import { readObject } from '../gcp/objects.ts';
import type { TableContent } from '../postgres/content-digest.ts';
import type { DumpSource } from '../postgres/dump.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { BackupManifest } from './manifest.ts';
import { digestOfFile } from './digest-of-file.ts';
import { unseal } from './unseal.ts';
import { readStored } from '../stored-json.ts';

/** A backup's dump, sealed on this machine's disk until the caller has done with it. */
export interface StoredDump extends AsyncDisposable {
  /** Decrypts it, from its beginning; no byte that is not verified comes out. */
  readonly open: DumpSource;
  /** What its tables hold; absent in older backups. */
  readonly content?: readonly TableContent[] | undefined;
}

/** Fetches a backup's dump into `folder`; undefined where there was no database yet. */
export async function readBackup(
  site: Site,
  backup: Stored,
  folder: string,
): Promise<StoredDump | undefined> {
  const manifest = await readManifest(site, backup);
  if (manifest.database === null) return undefined;
  const file = join(folder, 'backup.dump.sealed');
  const { object: name, sha256: wanted, keyId, content } = manifest.database;
  const key = await site.backupKeys.byId(keyId);
  const remove = () => rm(file, { force: true });
  try {
    await readToFile(site.google, { bucket: site.releaseBucket, name }, file);
    if ((await digestOfFile(file)) !== wanted) throw damaged(name, wanted);
  } catch (error) {
    await remove();
    throw error;
  }
  return { open: () => unseal(file, key), content, [Symbol.asyncDispose]: remove };
}

/** A backup's manifest, refused when its bytes are not those that were written. */
export async function readManifest(site: Site, backup: Stored): Promise<BackupManifest> {
  const ref = { bucket: site.releaseBucket, name: backup.object };
  const content = await readObject(site.google, ref);
  if (!content || sha256(content) !== backup.sha256) throw damaged(backup.object, backup.sha256);
  const where = `gs://${ref.bucket}/${ref.name}`;
  return readStored(content, { schema: BackupManifest, what: 'The backup', where });
}

function damaged(object: string, wanted: string): Failure {
  return new Failure({
    code: 'BACKUP_DAMAGED',
    what: 'The backup is missing or damaged',
    why: `${object} should have the sha256 ${wanted}`,
    fix: 'Deploy again: a new backup is made first.',
  });
}
