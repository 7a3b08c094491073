import { Failure } from '../failure.ts';
import { runMigrations } from './alembic.ts';
import type { MigrationLine, Revision } from './alembic.ts';
import type { MigrationsProcess } from './migrations-process.ts';

export type Folders = Readonly<Record<string, string>>;
export type Positions = Readonly<Record<string, string | null>>;

/** A service's history as its files tell it: one head, and the revisions from the base on. */
export interface History {
  readonly head: string;
  readonly revisions: readonly Revision[];
  /** What they are written for; absent = Alembic. */
  readonly tool?: MigrationLine['tool'];
}

/** The history of every service; a Failure where one cannot be read, has no head, or two. */
export async function readHistories(
  folders: Folders,
  program?: MigrationsProcess,
): Promise<Readonly<Record<string, History>>> {
  const lines = await runMigrations({ verb: 'status', folders }, { program }).catch(unreadable);
  return Object.fromEntries(
    lines.map(({ service, heads = [], revisions = [], tool }) => {
      const [head, second] = heads;
      if (head === undefined || second !== undefined) throw notOneHead(service, heads);
      return [service, { head, revisions, ...(tool && { tool }) }];
    }),
  );
}

/** The revisions between two positions of one history, oldest first. */
export function revisionsBetween(
  { revisions }: History,
  from: string | null,
  to: string | null,
): readonly Revision[] {
  const index = (mark: string | null): number =>
    mark === null ? 0 : revisions.findIndex(({ revision }) => revision === mark) + 1;
  return revisions.slice(index(from), index(to));
}

/**
 * A Failure where the database is at a revision that the release does not know. `deployed` holds
 * every position that a deploy has ever recorded, as `service/revision`: a head among them is older
 * than the database; any other means that the history was written anew.
 */
export function refuseUnknown(
  histories: Readonly<Record<string, History>>,
  positions: Positions,
  deployed: ReadonlySet<string>,
): void {
  for (const [service, { head, revisions, tool }] of Object.entries(histories)) {
    const at = positions[service] ?? null;
    if (at === null || revisions.some(({ revision }) => revision === at)) continue;
    // A program's release knows none but its own; the program itself knows what is applied.
    if (tool === 'command' && ofProgram(service, at)) continue;
    throw deployed.has(`${service}/${head}`)
      ? ahead(service, at)
      : rewritten(service, { at, head, tool });
  }
}

/** Whether a revision is one that stands for a run of the service's program. */
function ofProgram(service: string, revision: string): boolean {
  return revision.startsWith(`${service}-`) && /^[0-9a-f]{12}$/.test(revision.slice(-12));
}

function ahead(service: string, at: string): Failure {
  return new Failure({
    code: 'SCHEMA_AHEAD',
    what: `The schema of ${service} is newer than the release`,
    why: `the database is at revision ${at}, which the release does not have`,
    fix: 'Deploy a release that has this revision, or downgrade with the release that made it.',
  });
}

function rewritten(
  service: string,
  { at, head, tool }: { readonly at: string } & Pick<History, 'head' | 'tool'>,
): Failure {
  const carry = tool === 'sql' ? `call it ${at}.sql` : `revision = "${at}"`;
  return new Failure({
    code: 'HISTORY_REWRITTEN',
    what: `The migrations of ${service} do not have the revision of their database`,
    why: `the database is at revision ${at}; no deploy here has ended at the release's head ${head}: its revisions were squashed, renamed or removed, or it is from before ${at} was made`,
    fix: `Bring the file of ${at} into the release. To squash a history, let the squashed revision carry the id of the last one that it stands for: ${carry}.`,
  });
}

function unreadable(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'MIGRATION_FAILED') throw error;
  throw new Failure({
    code: 'MIGRATION_UNREADABLE',
    what: error.what
      .replace('The status of', 'The migrations of')
      .replace('failed', 'cannot be read'),
    why: error.why,
    fix: 'Fix the file that is named (docs/migrations.md says what a file may hold).',
    cause: error,
  });
}

function notOneHead(service: string, heads: readonly string[]): Failure {
  return new Failure({
    code: 'MIGRATION_HEADS',
    what: `The migrations of ${service} have ${heads.length} heads`,
    why: heads.length === 0 ? 'there is no revision' : `heads: ${heads.join(', ')}`,
    fix: 'Put one after the other: let its `down_revision` name the other head.',
  });
}
