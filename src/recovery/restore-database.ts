import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBackup, readManifest } from '../backups/read-backup.ts';
import type { Recovery, ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { underMigrationLock } from '../postgres/advisory-lock.ts';
import { runMigrations } from '../postgres/alembic.ts';
import { readFingerprint } from '../postgres/fingerprint.ts';
import type { LeftOut } from '../postgres/left-out.ts';
import { unlessLost } from '../postgres/lost.ts';
import { restoreInto } from '../postgres/restore-into.ts';
import { migrationFolders, releaseFolder } from '../releases/release-folder.ts';
import { databaseServices } from '../services.ts';
import { requireDatabase } from '../site-database.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import { authVersion, versionsApart } from './auth-version.ts';
import { survivingTables } from './surviving-tables.ts';

interface Asked {
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly recovery: Recovery;
  readonly signal: AbortSignal;
}

/**
 * Fills an empty database from the backup, sign-ins included, and brings every schema to the
 * release's head. A database that has tables keeps its rows. Answers what was done, in words.
 */
export async function restoreDatabase(site: Site, asked: Asked): Promise<string> {
  const login = await requireDatabase(site);
  const survived = (await survivingTables(site)) > 0;
  const left = survived ? [] : await unlessLost(fill(site, login, asked));
  const folders = await migrationFolders(await releaseFolder(site, asked.runId, asked.release));
  const { signal } = asked;
  const run = { runId: asked.runId, limits: site.config.migrations };
  await underMigrationLock(login, Object.keys(folders), (lost) =>
    runMigrations(
      { verb: 'upgrade', folders },
      { ...run, login, signal: AbortSignal.any([signal, lost]) },
    ),
  );
  if (survived) return 'the database still existed: its rows were kept';
  const { backup, at } = asked.recovery;
  if (!backup) return 'there was no backup: the database is empty';
  return [`the database is that of ${at}`, ...left.map(notThere)].join('; ');
}

async function fill(site: Site, login: DatabaseLogin, asked: Asked): Promise<readonly LeftOut[]> {
  const { backup } = asked.recovery;
  if (!backup) return [];
  const folder = join(site.home, 'runs', asked.runId);
  await mkdir(folder, { recursive: true });
  await using stored = await readBackup(site, backup, folder);
  const made = (await readManifest(site, backup)).database;
  if (!stored || !made) return [];
  const known = made.leftOut ?? [];
  const without = new Set(known.flatMap(({ entry }) => entry ?? []));
  const services = databaseServices(site.config);
  const { signal } = asked;
  const dump = { dump: stored.open, without, roles: made.roles ?? [], signal };
  const left = await restoreInto(login, { ...dump, services });
  const { sha256 } = await readFingerprint(login, services);
  const alike = new Set([made.fingerprint, made.restored]);
  // What this project refuses beyond the trial restore is named, and is a difference that is known.
  const refused = [...left, ...(made.restored === undefined ? known : [])];
  if (!alike.has(sha256) && refused.every(({ entry }) => entry === undefined))
    throw notEqual(backup.object, sha256, made.restored ?? made.fingerprint);
  return [...versionsApart(made.authVersion, await authVersion(login)), ...left, ...known];
}

function notThere({ what, why }: LeftOut): string {
  return `not restored: ${what} (${why})`;
}

function notEqual(object: string, now: string, wanted: string | undefined): Failure {
  return new Failure({
    code: 'RESTORE_NOT_EQUAL',
    what: 'The restored database differs from the one that was backed up',
    why: `roles, tables, policies and rights have the digest ${now}, ${object} states ${wanted}`,
    fix: 'Compare them by hand, or recover from another backup with `--from`.',
  });
}
