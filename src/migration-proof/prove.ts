import { z } from 'zod';
import { Failure } from '../failure.ts';
import { declaring } from '../migrations/judge-program.ts';
import { Review } from '../migrations/review.ts';
import { runMigrations } from '../postgres/alembic.ts';
import type { MigrationRun } from '../postgres/alembic.ts';
import { openClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import type { TableContent } from '../postgres/content-digest.ts';
import { withTrialMigrator } from '../postgres/trial-login.ts';
import type { Folders } from '../postgres/revisions.ts';
import { useTables } from '../postgres/table-users.ts';
import type { Wait } from '../postgres/table-users.ts';
import { refuseBlocking } from './refuse-blocking.ts';
import { refuseEffects } from './refuse-effects.ts';
import { openTap } from './tap.ts';
import { waitedIn } from './waited.ts';
import type { Waited } from './waited.ts';
import { Witness } from './witness.ts';
import type { Effects } from './witness.ts';

interface Asked {
  readonly folders: Folders;
  readonly run: Omit<MigrationRun, 'login'>;
  /** What the copy's tables hold, where the backup tells it: then nobody reads them before. */
  readonly content?: readonly TableContent[] | undefined;
  /** Points of no return that are accepted, by name. */
  readonly accept?: readonly string[] | undefined;
}

/** What a revision did to the copy, and whom it kept waiting there. */
export interface Proven extends Effects {
  readonly waited: readonly Waited[];
  /** Seconds that its users may be kept waiting, where the session said it. */
  readonly lockTimeout: number | undefined;
}

/**
 * Applies every pending revision to the copy, and where all can go back, down and up again, while a
 * reader and a writer use its tables; looks at each statement as it is executed. Answers what each
 * revision did; a Failure names the file, the revision and the statement where that is not what the
 * revision says of itself, and where it keeps users waiting longer than its lock timeout.
 */
export async function proveMigrations(copy: Login, asked: Asked): Promise<readonly Proven[]> {
  return withTrialMigrator(copy, (migrator) => proveAs(migrator, copy, asked));
}

async function proveAs(
  migrator: Login,
  copy: Login,
  { folders, run, content, accept = [] }: Asked,
): Promise<readonly Proven[]> {
  const client = await openClient(copy);
  // What it asks, it asks after each statement: planned once.
  await client.query(`set lock_timeout = '2s'; set plan_cache_mode = force_generic_plan`);
  const witness = new Witness(client, Object.keys(folders), content);
  const tap = await openTap(migrator, witness);
  const users = await useTables(copy);
  const reviews: Record<string, readonly Review[]> = {};
  const onLine: MigrationRun['onLine'] = (line) => {
    if (line.reviews)
      reviews[line.service] = declaring(z.array(Review).parse(line.reviews), accept);
    run.onLine?.(line);
  };
  try {
    await runMigrations(
      { verb: 'prove', folders },
      { ...run, login: tap.login, watcher: copy, onLine },
    );
    await witness.finish();
    await users.close();
    await refuseEffects(reviews, witness);
    const proven = provenOf(witness, users.waits);
    refuseBlocking(reviews, proven);
    return proven;
  } catch (error) {
    if (witness.failure !== undefined) throw witness.failure;
    // What an earlier step did to the copy is the cause of what fails later.
    await refuseEffects(reviews, witness);
    throw onTheCopy(error);
  } finally {
    await users.close();
    await tap.close();
    await client.end();
  }
}

function provenOf({ effects, courses }: Witness, waits: readonly Wait[]): readonly Proven[] {
  return effects.map((effect, at) => {
    const course = courses[at];
    const waited = course ? waitedIn(course, waits) : [];
    return { ...effect, waited, lockTimeout: course?.lockTimeout };
  });
}

function onTheCopy(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code === 'MIGRATION_EFFECT') return error;
  const what = error.what.replace(/^The prove of/, 'On the copy of the data, the migration of');
  const { code, why, fix, class: kind } = error;
  return new Failure({ code, what, why, fix, class: kind, cause: error });
}
