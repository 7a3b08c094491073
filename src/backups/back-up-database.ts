import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../failure.ts';
import { putFileOnce } from '../gcp/object-files.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { dumpDatabase } from '../postgres/dump.ts';
import { rowCounts, schemaFingerprint } from '../postgres/fingerprint.ts';
import { namesOf } from '../postgres/role-sql.ts';
import { onTrialCopy } from '../postgres/trial-restore.ts';
import { databaseServices } from '../services.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { BackupManifest } from './manifest.ts';

/** Dumps the services' schemas, proves the dump by a trial restore, and keeps it; null = no database. */
export async function backUpDatabase(
  site: Site,
  runId: string,
  folder: string,
): Promise<BackupManifest['database']> {
  const login = await databaseOf(site);
  if (!login) return null;
  const services = databaseServices(site.config);
  const schemas = services.map((service) => namesOf(service).schema);
  const local = join(site.home, 'runs', runId);
  await mkdir(local, { recursive: true });
  const dump = await dumpDatabase(login, join(local, 'database.dump'), schemas);
  if (!dump) return null;
  const source = await schemaFingerprint(login, schemas);
  const rows = await rowCounts(login, schemas);
  const trial = {
    file: dump.file,
    name: `windlass_check_${runId.replaceAll('-', '').slice(0, 16)}`,
  };
  await onTrialCopy(login, trial, async (copy) => {
    const restored = await schemaFingerprint(copy, schemas);
    if (restored.sha256 !== source.sha256) throw unequal(source.lines, restored.lines);
    const found = await rowCounts(copy, schemas);
    if (!isDeepStrictEqual(found, rows))
      throw unequal([JSON.stringify(rows)], [JSON.stringify(found)]);
  });
  const object = `${folder}/database-${dump.sha256.slice(0, 12)}.dump`;
  await putFileOnce(site.google, { bucket: site.releaseBucket, name: object }, dump.file);
  const { sha256, bytes } = dump;
  const revisions = await currentRevisions(login, services);
  return { object, sha256, bytes, fingerprint: source.sha256, revisions };
}

function unequal(source: readonly string[], restored: readonly string[]): Failure {
  const lost = source.filter((line) => !restored.includes(line)).slice(0, 3);
  const gained = restored.filter((line) => !source.includes(line)).slice(0, 3);
  return new Failure({
    code: 'BACKUP_UNEQUAL',
    what: 'The trial restore is not equal to the database',
    why: `missing: ${lost.join(' / ') || 'nothing'}; too much: ${gained.join(' / ') || 'nothing'}`,
    fix: 'Somebody may be changing the schema right now: wait, then deploy again.',
    class: 'retry',
  });
}
