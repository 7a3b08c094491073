import type { MigrationPlan, Stored } from '../deploy.ts';
import { putOnce } from '../gcp/objects.ts';
import { judgeFolders } from '../migrations/judge-folders.ts';
import type { Judgement } from '../migrations/judge.ts';
import { withAccepted } from '../migrations/judge-program.ts';
import { refuseUnproven } from '../migrations/proof.ts';
import { refuseFaults, refuseHastyContracts } from '../migrations/refuse.ts';
import type { Judged } from '../migrations/refuse.ts';
import { runMigrations } from '../postgres/alembic.ts';
import { startMigrations } from '../postgres/migrations-process.ts';
import { currentRevisions } from '../postgres/current-revisions.ts';
import { requireSameMajor } from '../postgres/major.ts';
import { readHistories, refuseUnknown, revisionsBetween } from '../postgres/revisions.ts';
import type { Folders, History, Positions } from '../postgres/revisions.ts';
import { sha256 } from '../releases/archive.ts';
import { readLedger } from '../releases/ledger.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';
import { standingOf } from '../releases/standing.ts';
import { databaseOf } from '../site-database.ts';
import { held } from '../held.ts';
import type { Site } from '../site.ts';

export interface MigrationDetails extends MigrationPlan {
  readonly revisions: readonly Judgement[];
  readonly sql: string;
  /** The same SQL as an object of the release bucket. */
  readonly script: Stored;
}

/**
 * What Alembic would apply, service by service, as revisions and as SQL. A Failure where a history
 * is not one line, a revision is not what it says, the database is ahead of the release, or the
 * backup of this database could not be made.
 */
export async function planMigrations(
  site: Site,
  folders: Folders,
  accept: readonly string[] = [],
): Promise<readonly MigrationDetails[]> {
  using program = startMigrations(); // one for all three questions: it takes a while to start
  const asked = held(positionsOf(site, Object.keys(folders)));
  const histories = await readHistories(folders, program);
  const positions = await asked;
  const ledger = await readLedger(site);
  refuseUnknown(histories, positions, deployedIn(ledger));
  const behind = Object.entries(histories).filter(([name, { head }]) => positions[name] !== head);
  if (behind.length === 0) return [];
  const moving = Object.fromEntries(behind.map(([name]) => [name, folders[name] ?? '']));
  const judging = held(judgeFolders(moving, program));
  const call = { verb: 'sql', folders: moving, at: positions } as const;
  const writing = held(runMigrations(call, { program }));
  const judged = await judging;
  const pending = pendingOf(behind, positions, judged).map(({ service, judgements }) => ({
    service,
    judgements: withAccepted(judgements, accept),
  }));
  refuseFaults(pending);
  const standing = standingOf(ledger);
  const inForce = behind.filter(([name]) => standing?.revisions[name]);
  refuseHastyContracts(pendingOf(inForce, standing?.revisions ?? {}, judged));
  await refuseUnproven(site, pending, accept);
  const written = await writing;
  return Promise.all(
    pending.map(async ({ service, judgements: revisions }) => {
      const sql = written.find((line) => line.service === service)?.sql ?? '';
      const [from, to] = [positions[service] ?? null, histories[service]?.head ?? ''];
      return { service, from, to, revisions, sql, script: await keepScript(site, service, sql) };
    }),
  );
}

/** Where every schema has ever been recorded to stand. */
function deployedIn(ledger: readonly LedgerEntry[]): ReadonlySet<string> {
  return new Set(
    ledger.flatMap(({ revisions }) =>
      Object.entries(revisions).map(([service, revision]) => `${service}/${revision}`),
    ),
  );
}

async function positionsOf(site: Site, services: readonly string[]): Promise<Positions> {
  await site.backupKeys.current(); // a Failure now is better than one at the backup
  const login = await databaseOf(site);
  if (!login) return Object.fromEntries(services.map((name) => [name, null]));
  await requireSameMajor(login);
  return currentRevisions(login, services);
}

function pendingOf(
  behind: readonly (readonly [string, History])[],
  from: Positions,
  judged: Readonly<Record<string, readonly Judgement[]>>,
): readonly Judged[] {
  return behind.map(([service, history]) => {
    const between = revisionsBetween(history, from[service] ?? null, history.head);
    const names = new Set(between.map(({ revision }) => revision));
    const judgements = (judged[service] ?? []).filter(({ revision }) => names.has(revision));
    return { service, judgements };
  });
}

async function keepScript(site: Site, service: string, sql: string): Promise<Stored> {
  const digest = sha256(sql);
  const object = `plans/sql/${service}-${digest.slice(0, 12)}.sql`;
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, Buffer.from(sql));
  return { object, sha256: digest };
}
