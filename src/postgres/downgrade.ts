import { Failure } from '../failure.ts';
import { judgeFolders } from '../migrations/judge-folders.ts';
import type { Judgement } from '../migrations/judge.ts';
import { runMigrations } from './alembic.ts';
import type { MigrationRun } from './alembic.ts';
import type { Login } from './connect.ts';
import { currentRevisions } from './current-revisions.ts';
import { isLost } from './lost.ts';
import type { Folders, Positions } from './revisions.ts';
import { halfDone, whyProgramStays } from './program-way-back.ts';
import { whyStays } from './why-stays.ts';
import type { Guards } from './why-stays.ts';

interface Downgrade {
  readonly folders: Folders;
  /** Who changes the schemas; the first login must see every row, to know what they hold. */
  readonly as?: Login;
  /** Its run, timeouts and end. */
  readonly run?: Omit<MigrationRun, 'login'>;
}

/**
 * Brings every schema down to the wanted revision where all revisions in between lose nothing, by
 * their operations and by what the tables hold: now, and once more under their locks, in the
 * transaction of each downgrade. Answers, in words, what stays for it cannot:
 * that is safe for an `expand`, so whatever fails on the way is a reason to stay. Only a database
 * that cannot be reached is a Failure.
 */
export async function downgradeTo(
  login: Login,
  wanted: Positions,
  { folders, as = login, run = {} }: Downgrade,
): Promise<readonly string[]> {
  const stays: Record<string, string> = {};
  const guards: Record<string, Guards> = {};
  const now = await together(folders, (some) => currentRevisions(login, Object.keys(some)));
  const moved = pick(folders, (name) => (now.found[name] ?? null) !== (wanted[name] ?? null));
  const judged = await together(
    pick(moved, (name) => !Object.hasOwn(now.failed, name)),
    (some) => judgeFolders(some),
  );
  Object.assign(stays, now.failed, judged.failed);
  for (const [service, history] of Object.entries(judged.found)) {
    const [at, to] = [now.found[service] ?? null, wanted[service] ?? null];
    const [program] = history.filter((one) => one.program);
    const asked = await (
      program
        ? whyProgramStays(login, program, { service, at, wanted: to })
        : whyStays(login, between(history, at, to))
    ).catch((error: unknown) => ({ why: reasonOf(error) }));
    if ('why' in asked) stays[service] = asked.why;
    else guards[service] = asked.guards;
  }
  const down = pick(moved, (name) => !Object.hasOwn(stays, name));
  const ran = await together(down, async (some) => {
    const at = Object.fromEntries(Object.keys(some).map((name) => [name, wanted[name] ?? null]));
    const call = { verb: 'downgrade' as const, folders: some, at, guards };
    await runMigrations(call, { watcher: login, ...run, login: as });
    return {};
  });
  run.signal?.throwIfAborted(); // who stopped it is no reason to stay
  const still = Object.keys(folders).filter((name) => !Object.hasOwn(moved, name));
  const words: string[] = [...(await halfDone(login, still, now.found))];
  for (const [service, why] of Object.entries({ ...stays, ...ran.failed }))
    words.push(`schema ${service} at ${await standing(login, service)}: ${why}`);
  return words;
}

interface Outcome<Found> {
  readonly found: Readonly<Record<string, Found>>;
  /** By service: why its part of the work could not be done. */
  readonly failed: Readonly<Record<string, string>>;
}

/** Does the work for all services at once, or for each alone where one of them stops it. */
async function together<Found>(
  folders: Folders,
  work: (folders: Folders) => Promise<Readonly<Record<string, Found>>>,
): Promise<Outcome<Found>> {
  const names = Object.keys(folders);
  if (names.length === 0) return { found: {}, failed: {} };
  try {
    return { found: await work(folders), failed: {} };
  } catch (error) {
    const why = reasonOf(error);
    const [only, second] = names;
    if (only !== undefined && second === undefined) return { found: {}, failed: { [only]: why } };
  }
  const alone: Outcome<Found>[] = [];
  for (const name of names)
    alone.push(
      await together(
        pick(folders, (one) => one === name),
        work,
      ),
    );
  return {
    found: Object.assign({}, ...alone.map(({ found }) => found)),
    failed: Object.assign({}, ...alone.map(({ failed }) => failed)),
  };
}

function pick(folders: Folders, wanted: (name: string) => boolean): Folders {
  return Object.fromEntries(Object.entries(folders).filter(([name]) => wanted(name)));
}

/** Why something could not be done; a database that is lost is the caller's to try again. */
function reasonOf(error: unknown): string {
  if (isLost(error) || (error instanceof Failure && error.class !== 'undo')) throw error;
  if (error instanceof Failure && error.code === 'DOWNGRADE_HELD') return error.why;
  if (error instanceof Failure) return `${error.what}: ${error.why}`;
  return error instanceof Error ? error.message : String(error);
}

async function standing(login: Login, service: string): Promise<string> {
  const at = await currentRevisions(login, [service]).catch(reasonOf);
  return typeof at === 'string' ? '?' : (at[service] ?? 'base');
}

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
