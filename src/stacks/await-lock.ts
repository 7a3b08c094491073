import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { stopwatch } from '../lease/awake.ts';
import { breakOrphanLock } from '../terraform/orphan-lock.ts';
import type { LockStore, LockVerdict } from '../terraform/orphan-lock.ts';
import { pastRuns } from '../terraform/past-run.ts';

/** What has to be known of a state's lock to wait for it. */
export interface Lockable {
  readonly lock: LockStore;
  /** Folders of all terraform runs of this stack that this machine knows. */
  readonly everyRun: () => Promise<readonly string[]>;
  /** What people call it, and the command that frees it. */
  readonly called?: { readonly stack: string; readonly unlock: string } | undefined;
}

/** How the wait is told, and ended early. */
export interface LockWait {
  readonly signal?: AbortSignal | undefined;
  readonly beat?: ((text: string) => void) | undefined;
}

const lookEveryMs = 2000;

/** Seconds that a foreign lock is waited for: `WINDLASS_LOCK_PATIENCE`, five minutes unless it is set. */
export function lockPatience(): number {
  const seconds = Number(process.env['WINDLASS_LOCK_PATIENCE'] ?? 300);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : 300;
}

/**
 * Comes back once the state is not locked: a lock of a dead run of ours is freed, anybody else's is
 * waited for, and said so from the first look on. STATE_LOCKED once patience is over.
 */
export async function awaitLock(stack: Lockable, { signal, beat }: LockWait): Promise<void> {
  const waited = stopwatch();
  for (;;) {
    if ((await stack.lock.read()) === undefined) return;
    const verdict = await breakOrphanLock(stack.lock, await pastRuns(await stack.everyRun()));
    if (verdict.lock !== 'kept') return;
    const left = lockPatience() - waited() / 1000;
    if (left <= 0) throw locked(stack, verdict);
    beat?.(`waiting for at most ${Math.ceil(left)} s more: ${heldText(stack, verdict)}`);
    await pause(Math.min(lookEveryMs, left * 1000), undefined, signal ? { signal } : {});
  }
}

function heldText({ called }: Lockable, verdict: Extract<LockVerdict, { lock: 'kept' }>): string {
  const { holder, why } = verdict;
  const what = `the state of ${called?.stack ?? 'the stack'} is locked`;
  return holder ? `${what} by ${holder.Who} since ${holder.Created} (${why})` : `${what} (${why})`;
}

function locked(stack: Lockable, verdict: Extract<LockVerdict, { lock: 'kept' }>): Failure {
  return new Failure({
    code: 'STATE_LOCKED',
    what: `The state of ${stack.called?.stack ?? 'the stack'} is locked`,
    why: `${heldText(stack, verdict)}, and it was not free within ${lockPatience()} s`,
    fix: `Wait until that has ended, then run the command again. \`${stack.called?.unlock ?? 'windlass state unlock'}\` shows who holds the lock, and releases it after confirmation.`,
  });
}
