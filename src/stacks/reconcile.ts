import { Failure } from '../failure.ts';
import { TerraformFailure } from '../terraform/classify.ts';
import { breakOrphanLock } from '../terraform/orphan-lock.ts';
import type { LockStore, LockVerdict } from '../terraform/orphan-lock.ts';
import { pastRuns } from '../terraform/past-run.ts';
import type { TerraformPlace } from '../terraform/place.ts';
import { rescueState } from '../terraform/rescue-state.ts';
import { taintedOf } from '../terraform/tainted.ts';
import { untaint } from '../terraform/untaint.ts';

/** What has to be known of a stack to mend it after a run whose end is unknown. */
export interface Mendable {
  readonly place: TerraformPlace;
  readonly lock: LockStore;
  /** Folders of all terraform runs of this stack that this machine knows. */
  readonly everyRun: () => Promise<readonly string[]>;
}

/**
 * After a run whose end is unknown: its lock is freed where it is proven dead, then a state that it
 * could not write is pushed. Safe to repeat; the lock of anybody else is kept.
 */
export async function reconcile({ place, lock, everyRun }: Mendable): Promise<LockVerdict> {
  const verdict = await breakOrphanLock(lock, await pastRuns(await everyRun()));
  await rescueState(place);
  return verdict;
}

/**
 * Runs a terraform command; when it fails, makes the next attempt possible: services that it left
 * half-made are kept rather than replaced, and what it may have left locked is freed.
 */
export async function mending<T>(stack: Mendable, command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof Failure && error.class === 'reconcile') await reconcile(stack);
    // Whatever the mending meets, the first failure is the one to tell.
    if (error instanceof TerraformFailure) await keepHalfMade(stack).catch(() => undefined);
    throw error;
  }
}

/** A service whose first revision failed is tainted, and its deletion refused: it is mended in place. */
async function keepHalfMade({ place }: Mendable): Promise<void> {
  for (const address of await taintedOf(place, 'google_cloud_run_v2_service'))
    await untaint(place, address);
}
