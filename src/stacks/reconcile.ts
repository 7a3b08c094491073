import { Failure } from '../failure.ts';
import { TerraformFailure } from '../terraform/classify.ts';
import { breakOrphanLock } from '../terraform/orphan-lock.ts';
import type { LockVerdict } from '../terraform/orphan-lock.ts';
import { pastRuns } from '../terraform/past-run.ts';
import type { TerraformPlace } from '../terraform/place.ts';
import { rescueState } from '../terraform/rescue-state.ts';
import { runState } from '../terraform/run-state.ts';
import type { Watch } from '../terraform/supervise.ts';
import { taintedOf } from '../terraform/tainted.ts';
import { untaint } from '../terraform/untaint.ts';
import { awaitLock } from './await-lock.ts';
import type { Lockable } from './await-lock.ts';

/** What has to be known of a stack to mend it after a run whose end is unknown. */
export interface Mendable extends Lockable {
  readonly place: TerraformPlace;
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

/** The same for a command that takes the state's lock: waits for it before, unless it runs already. */
export async function mendingLocked<T>(
  stack: Mendable,
  watch: Watch,
  command: () => Promise<T>,
): Promise<T> {
  const { runDir, signal, leave, onProgress } = watch;
  if ((await runState(runDir)) === 'none') {
    const either = [signal, leave].flatMap((one) => one ?? []);
    const beat = (text: string): void => onProgress?.({ text, milestone: true });
    await awaitLock(stack, { signal: AbortSignal.any(either), beat });
  }
  return mending(stack, command);
}

/** A service whose first revision failed is tainted, and its deletion refused: it is mended in place. */
async function keepHalfMade({ place }: Mendable): Promise<void> {
  for (const address of await taintedOf(place, 'google_cloud_run_v2_service'))
    await untaint(place, address);
}
