import { judgeFolders } from '../migrations/judge-folders.ts';
import type { Judgement } from '../migrations/judge.ts';
import { Failure } from '../failure.ts';
import { runMigrations } from './alembic.ts';
import type { MigrationRun } from './alembic.ts';
import type { Login } from './connect.ts';
import { currentRevisions } from './current-revisions.ts';
import { holdsValues } from './holds-values.ts';
import type { Folders, Positions } from './revisions.ts';

interface Downgrade {
  readonly folders: Folders;
  /** Who changes the schemas; the first login must see every row, to know what they hold. */
  readonly as?: Login;
  /** Its run, timeouts and end. */
  readonly run?: Omit<MigrationRun, 'login'>;
}

/**
 * Brings every schema down to the wanted revision where all revisions in between lose nothing, by
 * their operations and by what the tables hold now. Answers, in words, what stays for it cannot.
 */
export async function downgradeTo(
  login: Login,
  wanted: Positions,
  { folders, as = login, run = {} }: Downgrade,
): Promise<readonly string[]> {
  const now = await currentRevisions(login, Object.keys(folders));
  const stays: string[] = [];
  const at: Record<string, string | null> = {};
  const moved = Object.entries(folders).filter(
    ([service]) => (now[service] ?? null) !== (wanted[service] ?? null),
  );
  const judged = moved.length === 0 ? {} : await judgeFolders(Object.fromEntries(moved));
  for (const [service] of moved) {
    const [from, to] = [now[service] ?? null, wanted[service] ?? null];
    const why = await whyNot(login, between(judged[service] ?? [], from, to));
    if (why === undefined) at[service] = to;
    else stays.push(`schema ${service} at ${from}: ${why}`);
  }
  const down = Object.fromEntries(Object.entries(folders).filter(([name]) => name in at));
  if (Object.keys(down).length > 0)
    stays.push(
      ...(await unlessLocked(down, () =>
        runMigrations(
          { verb: 'downgrade', folders: down, at },
          { watcher: login, ...run, login: as },
        ),
      )),
    );
  return stays;
}

/** A schema whose tables somebody holds stays, which is safe: only an `expand` is ever undone. */
async function unlessLocked(
  down: Folders,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof Failure) || !timeouts.has(error.code)) throw error;
    return [
      `schemas ${Object.keys(down).join(', ')} not wholly undone: ${error.what} (${error.why})`,
    ];
  }
}

const timeouts = new Set(['TABLE_LOCKED', 'STATEMENT_TIMEOUT']);

/** The revisions to undo, newest first; undefined where one of the two is not in the history. */
function between(
  history: readonly Judgement[],
  from: string | null,
  to: string | null,
): readonly Judgement[] | undefined {
  const index = (mark: string | null): number =>
    mark === null ? 0 : history.findIndex(({ revision }) => revision === mark) + 1;
  if ((from !== null && index(from) === 0) || (to !== null && index(to) === 0)) return undefined;
  return history.slice(index(to), index(from)).toReversed();
}

async function whyNot(
  login: Login,
  path: readonly Judgement[] | undefined,
): Promise<string | undefined> {
  if (path === undefined) return 'the release does not know this revision';
  for (const { revision, kind, faults, back } of path) {
    const [loss] = back.loses;
    if (kind !== 'expand' || !back.exists || faults.length > 0)
      return `${revision} cannot go without a loss`;
    if (loss) return `the downgrade of ${revision} ${loss.why} (${loss.statement})`;
    for (const place of back.drops)
      if (await holdsValues(login, place))
        return `${revision} cannot go: ${[place.table, place.column].filter(Boolean).join('.')} holds what was written since`;
  }
  return undefined;
}
