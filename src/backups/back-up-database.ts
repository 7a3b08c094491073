import { mkdir } from 'node:fs/promises';
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
import type { BackupManifest } from './manifest.ts';

/**
 * Dumps the services' schemas and the sign-ins, proves the dump by a trial restore, and keeps it;
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
  const { sha256, bytes } = await dumpDatabase(login, { services, file });
  await trialRestore(login, { id: trialId(runId), file, services });
  await dropTrialDatabase(login, trialId(runId));
  const object = `${folder}/database-${sha256.slice(0, 12)}.dump`;
  await putFileOnce(site.google, { bucket: site.releaseBucket, name: object }, file);
  const revisions = await currentRevisions(login, services);
  const { sha256: fingerprint } = await readFingerprint(login, services);
  return { object, sha256, bytes, fingerprint, revisions };
}

/** Names the scratch database of a run. */
export function trialId(runId: string): string {
  return runId.replaceAll('-', '').slice(0, 16);
}
