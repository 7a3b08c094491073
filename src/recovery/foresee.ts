import { lookAtBackups } from '../backups/list-backups.ts';
import type { BackupSet } from '../backups/list-backups.ts';
import { isAsRecorded } from '../backups/as-recorded.ts';
import { isSound } from '../backups/is-sound.ts';
import { leftOutLine } from '../backups/not-in-backup.ts';
import { readManifest } from '../backups/read-backup.ts';
import type { Recovery } from '../deploy.ts';
import { siteIn } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import { findRelease } from '../releases/store.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { authVersion, versionsApart } from './auth-version.ts';
import { lostSecrets } from './lost-secrets.ts';
import { survivingTables } from './surviving-tables.ts';

/** What is asked of a recovery: whose backups, and which; absent = its own, the newest sound one. */
export interface Wanted {
  readonly source: string;
  readonly from?: string | undefined;
}

/**
 * What a recovery would bring back, from what is there now; touches nothing. A database that
 * survived is kept as it is, with the release that the ledger names; else both come from a backup.
 */
export async function foresee(site: Site, { source, from }: Wanted): Promise<Recovery> {
  const origin = source === site.name ? site : await siteIn(site, site.written, source);
  const standing = standingOf(await ledgerOf(origin));
  const tables = await survivingTables(site);
  if (tables > 0 && (from !== undefined || origin !== site)) throw survived(site, tables);
  const secrets = await lostSecrets(site);
  const none = { source, backup: null, at: null, secrets };
  if (tables > 0 && standing) return { ...none, database: 'keep', release: standing.release };
  const { found, damaged } = await findBackup(origin, { from, keep: tables > 0 });
  if (found) return { ...found, secrets, leftOut: await notComing(origin, site, found) };
  if (!standing) throw nothing(origin);
  return { ...none, database: 'empty', release: standing.release, damaged };
}

/** The ledger of what is recovered; empty where its bucket is gone, refused where it is broken. */
async function ledgerOf(origin: Site): Promise<readonly LedgerEntry[]> {
  return (await unlessMissing(readLedger(origin))) ?? [];
}

/** The backup that an environment would be recovered from, and what was passed over as damaged. */
export async function findBackup(
  origin: Site,
  { from, keep = false }: { readonly from?: string | undefined; readonly keep?: boolean } = {},
): Promise<{ readonly found?: Recovery; readonly damaged: readonly string[] }> {
  const { set, damaged } = await chooseSet(origin, from);
  if (!set?.manifest.release) return { damaged };
  const release = await findRelease(origin, set.manifest.release);
  const { stored: backup, manifest } = set;
  // Without the key nothing would come back: better known before anything is touched.
  if (!keep) await origin.backupKeys.byId(manifest.database?.keyId ?? '');
  const database = keep ? 'keep' : 'restore';
  const found = {
    source: origin.name,
    database,
    backup,
    at: manifest.at,
    release,
    damaged,
  } as const;
  return { found, damaged };
}

/** The set that is named, or the newest one with a database and a release whose parts are whole. */
async function chooseSet(
  site: Site,
  from: string | undefined,
): Promise<{ readonly set: BackupSet | undefined; readonly damaged: readonly string[] }> {
  const found = await lookAtBackups(site);
  const sets = found.sets.filter(
    ({ manifest }) => manifest.database !== null && manifest.release !== null,
  );
  const wanted = sets.filter(({ manifest }) => manifest.runId.startsWith(from ?? ''));
  if (from !== undefined && wanted.length === 0) throw unknown(site, from);
  const ledger = await ledgerOf(site);
  const damaged = from === undefined ? found.damaged.map(({ why }) => why) : [];
  for (const set of wanted.toReversed()) {
    if (isAsRecorded(set, ledger) && (await isSound(site, set.manifest))) return { set, damaged };
    damaged.push(set.manifest.runId);
  }
  return { set: undefined, damaged };
}

/** What the backup does not hold, and what another version of the schema `auth` means. */
async function notComing(
  origin: Site,
  site: Site,
  { backup, database: what }: Recovery,
): Promise<readonly string[]> {
  if (!backup || what !== 'restore') return [];
  const { database } = await readManifest(origin, backup);
  const login = await databaseOf(site).catch(() => undefined);
  const now = login && (await authVersion(login).catch(() => null));
  const apart = versionsApart(database?.authVersion, now ?? null);
  return [...apart, ...(database?.leftOut ?? [])].map(leftOutLine);
}

function survived(site: Site, tables: number): Failure {
  return new Failure({
    code: 'DATABASE_SURVIVED',
    what: `The database of ${site.name} exists: a backup would overwrite it`,
    why: `its services' schemas hold ${tables} tables`,
    fix: 'Recover without `--from`, which keeps it; or `--into` an environment that is empty.',
  });
}

function unknown(site: Site, from: string): Failure {
  return new Failure({
    code: 'BACKUP_UNKNOWN',
    what: `There is no backup ${from} of ${site.name} with a database and a release`,
    why: `the bucket ${site.releaseBucket} holds no such set`,
    fix: `List them with \`windlass backups -e ${site.name}\`.`,
  });
}

function nothing(site: Site): Failure {
  return new Failure({
    code: 'NOTHING_TO_RECOVER',
    what: `There is nothing to recover ${site.name} from`,
    why: `${site.releaseBucket} has no complete backup and no ledger entry of a release`,
    fix: `Deploy it again: \`make ${site.name}-deploy\`.`,
  });
}
