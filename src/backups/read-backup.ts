import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stored } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { readToFile } from '../gcp/object-files.ts';
import { readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { BackupManifest } from './manifest.ts';
import { digestOfFile } from './digest-of-file.ts';
import { unsealFile } from './seal.ts';

/** Fetches and decrypts a backup's dump into `folder`, where the caller removes it; undefined where there was no database yet. */
export async function readBackup(
  site: Site,
  backup: Stored,
  folder: string,
): Promise<string | undefined> {
  const manifest = await readManifest(site, backup);
  if (manifest.database === null) return undefined;
  const [file, sealed] = [join(folder, 'backup.dump'), join(folder, 'backup.dump.sealed')];
  const { object: name, sha256: wanted, keyId } = manifest.database;
  await readToFile(site.google, { bucket: site.releaseBucket, name }, sealed);
  if ((await digestOfFile(sealed)) !== wanted) throw damaged(name, wanted);
  await unsealFile(sealed, file, await site.backupKeys.byId(keyId));
  await rm(sealed);
  return file;
}

/** A backup's manifest, refused when its bytes are not those that were written. */
export async function readManifest(site: Site, backup: Stored): Promise<BackupManifest> {
  const ref = { bucket: site.releaseBucket, name: backup.object };
  const content = await readObject(site.google, ref);
  if (!content || sha256(content) !== backup.sha256) throw damaged(backup.object, backup.sha256);
  return BackupManifest.parse(JSON.parse(String(content)));
}

function damaged(object: string, wanted: string): Failure {
  return new Failure({
    code: 'BACKUP_DAMAGED',
    what: 'The backup is gone or damaged',
    why: `${object} should have the sha256 ${wanted}`,
    fix: 'Deploy again: a new backup is made first.',
  });
}
