import { join } from 'node:path';
import { trialId } from '../src/backups/back-up-database.ts';
import { readBackup } from '../src/backups/read-backup.ts';
import type { Deploy } from '../src/deploy.ts';
import { recordingWrites } from '../src/fingerprint/content-before.ts';
import { lockLines } from '../src/migration-proof/lock-lines.ts';
import { proveMigrations } from '../src/migration-proof/prove.ts';
import { acceptanceOf } from '../src/migrations/judge-program.ts';
import { underMigrationLock } from '../src/postgres/advisory-lock.ts';
import { runMigrations } from '../src/postgres/alembic.ts';
import { startMigrations } from '../src/postgres/migrations-process.ts';
import type { MigrationsProcess } from '../src/postgres/migrations-process.ts';
import type { MigrationLine } from '../src/postgres/alembic.ts';
import type { Login } from '../src/postgres/connect.ts';
import { currentRevisions } from '../src/postgres/current-revisions.ts';
import { downgradeTo } from '../src/postgres/downgrade.ts';
import type { Folders } from '../src/postgres/revisions.ts';
import { onTrialCopy } from '../src/postgres/trial-copy.ts';
import { migrationFolders, releaseFolder } from '../src/releases/release-folder.ts';
import { openRowsOf, refuseOpenRows, staying } from '../src/row-security/gate.ts';
import { whoMigrates } from '../src/secret-values/migrator.ts';
import { databaseServices } from '../src/services.ts';
import { databaseOf, requireDatabase } from '../src/site-database.ts';
import { needed } from '../src/stacks/needed.ts';
import type { Work } from './edge.ts';

/** Records the revision of every schema before it is touched. */
export async function observeRevisions(
  _d: Deploy,
  { site }: Work,
): Promise<{ readonly revisionsBefore: Readonly<Record<string, string | null>> }> {
  const login = await requireDatabase(site);
  return { revisionsBefore: await currentRevisions(login, databaseServices(site.config)) };
}

/** Migrates the trial-restored copy first, then the database itself, under one lock. */
export async function migrate(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat } = work;
  if (d.plan?.migrations.length === 0) return { migrated: {} };
  using programs = new DisposableStack();
  const proving = programs.use(startMigrations()); // while the copy is made
  let upgrading: MigrationsProcess | undefined;
  const login = await requireDatabase(site);
  const folder = await releaseFolder(site, d.runId, needed(d.bundle, 'the release'));
  const folders = await migrationFolders(folder);
  await using dump = await readBackup(site, needed(d.backup, 'the backup'), join(folder, '..'));
  beat('trying the migrations on the restored copy');
  const owner = { environment: site.name, id: trialId(d.runId) };
  const trial = { ...owner, dump: dump?.open, services: Object.keys(folders) };
  const locks: string[] = [];
  const openBefore = await openRowsOf(site, login);
  await onTrialCopy(login, trial, async (copy) => {
    upgrading = programs.use(startMigrations()); // while the copy is migrated
    const effects = await proveMigrations(copy, {
      folders,
      content: dump?.content,
      accept: d.accept,
      run: {
        ...runOf(d, work),
        program: proving,
        onLine: ({ service, applied }) => applied && beat(`on the copy: ${service} ${applied}`),
      },
    });
    locks.push(...lockLines(effects));
    for (const line of locks) beat(`on the copy: ${line}`);
    beat('judging row level security on the copy');
    const open = staying(site, openBefore, await openRowsOf(site, copy));
    refuseOpenRows(open, 'the copy that the migrations were tried on');
  });
  const migrated = await upgradeLive(d, work, { login, folders, program: upgrading });
  refuseOpenRows(await openRowsOf(site, login), 'the migrated database');
  return { migrated, ...(locks.length > 0 && { locks }) };
}

interface Upgrade {
  readonly login: Login;
  readonly folders: Folders;
  readonly program: MigrationsProcess | undefined;
}

/** Answers where each schema stands then. */
async function upgradeLive(
  d: Deploy,
  work: Work,
  { login, folders, program }: Upgrade,
): Promise<Readonly<Record<string, string>>> {
  const { site, signal, beat } = work;
  const migrated: Record<string, string> = {};
  const tell = ({ service, applied, at, waits, why }: MigrationLine): void => {
    if (applied) beat(`${service}: ${applied}`);
    if (waits) beat(`${service}: ${waits} waits for a lock (${why ?? ''})`);
    if (at) migrated[service] = at;
  };
  const as = await whoMigrates(site, login);
  const run = { ...runOf(d, work), login: as, watcher: login, program };
  await underMigrationLock(login, Object.keys(folders), (lost) =>
    recordingWrites(site, d.runId, (hear) =>
      runMigrations(
        { verb: 'upgrade', folders, accepted: acceptedOf(d) },
        {
          ...run,
          signal: AbortSignal.any([signal, lost]),
          onLine: (line) => {
            hear(line);
            tell(line);
          },
        },
      ),
    ),
  );
  return migrated;
}

/** Back to the recorded revisions where that loses no data; else the schema stays and is named. */
export async function downgrade(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site } = work;
  const login = await databaseOf(site);
  const before = d.revisionsBefore;
  if (!login || !before) return {};
  const folder = await releaseFolder(site, d.runId, needed(d.bundle, 'the release'));
  const folders = await migrationFolders(folder);
  const as = await whoMigrates(site, login);
  const stays = await underMigrationLock(login, Object.keys(folders), (lost) =>
    recordingWrites(site, d.runId, (onLine) =>
      downgradeTo(login, before, { folders, as, run: { ...runOf(d, work), signal: lost, onLine } }),
    ),
  );
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

/** A rollback's schema: down to the target's revisions, with the newer release's own revisions. */
export async function downgradeToTarget(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site } = work;
  const login = await requireDatabase(site);
  const target = needed(d.target, 'where to go back to').revisions;
  const newer = needed(d.previous, 'the current release').release;
  const all = await migrationFolders(await releaseFolder(site, d.runId, newer));
  // A service that the target does not have leaves with its schema and data in place.
  const folders = Object.fromEntries(
    Object.entries(all).filter(([name]) => Object.hasOwn(target, name)),
  );
  const as = await whoMigrates(site, login);
  const stays = await underMigrationLock(login, Object.keys(folders), (lost) =>
    downgradeTo(login, target, {
      folders,
      as,
      run: { ...runOf(d, work), signal: AbortSignal.any([lost, work.signal]) },
    }),
  );
  return { kept: [...(d.kept ?? []), ...stays] };
}

/** The services whose pending revision somebody accepted by its name. */
function acceptedOf({ plan, accept = [] }: Deploy): readonly string[] {
  const pending = plan?.migrations ?? [];
  return pending
    .filter(({ to }) => accept.includes(acceptanceOf(to)))
    .map(({ service }) => service);
}

/** The run's name, its timeouts and its end, for whatever migrates. */
function runOf({ runId }: Deploy, { site, signal }: Work) {
  return { runId, limits: site.config.migrations, signal };
}
