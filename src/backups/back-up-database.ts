import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { putFileOnce } from '../gcp/object-files.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { dumpDatabase } from '../postgres/dump.ts';
import { readFingerprint } from '../postgres/fingerprint.ts';
import { dropTrialDatabase } from '../postgres/trial-database.ts';
import { trialRestore } from '../postgres/trial-restore.ts';
import { databaseServices } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { digestOfFile } from './digest-of-file.ts';
import { keyId } from './keys.ts';
import { sealFile } from './seal.ts';
import type { BackupManifest } from './manifest.ts';

/**
 * Dumps the services' schemas and the sign-ins, proves the dump by a trial restore, and keeps it encrypted;
 * null = there is no database yet. The trial database stays for the migrations to be tried on.
 */
export async function backUpDatabase(
  site: Site,
  runId: string,
  folder: string,
): Promise<BackupManifest['database']> {
  const login = await databaseOf(site);
  if (!login) return null;
  const services = databaseServices(site.config);
  const local = join(site.home, 'runs', runId);
  await mkdir(local, { recursive: true });
  const file = join(local, 'database.dump');
  await dumpDatabase(login, { services, file });
  await trialRestore(login, { id: trialId(runId), file, services });
  await dropTrialDatabase(login, trialId(runId));
  const key = await site.backupKeys.current();
  const sealed = `${file}.sealed`;
  await sealFile(file, sealed, key);
  const sha256 = await digestOfFile(sealed);
  const { size: bytes } = await stat(sealed);
  const object = `${folder}/database-${sha256.slice(0, 12)}.dump.sealed`;
  await putFileOnce(site.google, { bucket: site.releaseBucket, name: object }, sealed);
  await Promise.all([file, sealed].map((one) => rm(one)));
  const revisions = await currentRevisions(login, services);
  const { sha256: fingerprint } = await readFingerprint(login, services);
  return { object, sha256, bytes, keyId: keyId(key), fingerprint, revisions };
}

/** Names the scratch database of a run. */
export function trialId(runId: string): string {
  return runId.replaceAll('-', '').slice(0, 16);
}
