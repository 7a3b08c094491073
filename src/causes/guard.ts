import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { knownFailure, messageOf } from './known-failure.ts';

/** A piece of work that an uncaught error may belong to. */
export interface Guarded {
  readonly name: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Asks the work to end: it failed. */
  readonly interrupt: (failure: Failure) => void;
}

interface UnderWay extends Guarded {
  readonly fail: (failure: Failure) => void;
}

const current = new AsyncLocalStorage<UnderWay>();
const underWay = new Set<UnderWay>();
const settleMs = 30_000;

/**
 * Runs work so that an error which nobody caught, wherever it was thrown (a dropped promise, an
 * event handler, a stream), fails this work and not the process. It is asked to end, and has 30 s
 * for it: the next attempt, or the undo, should not run beside it.
 */
export async function guarded<T>(what: Guarded, work: () => Promise<T>): Promise<T> {
  const crash = Promise.withResolvers<Failure>();
  const one: UnderWay = { ...what, fail: crash.resolve };
  underWay.add(one);
  try {
    const working = current.run(one, work);
    const ended = Promise.allSettled([working]);
    const failure = await Promise.race([crash.promise, ended.then(() => undefined)]);
    if (failure === undefined) return await working;
    what.interrupt(failure);
    await Promise.race([ended, pause(settleMs, undefined, { ref: false })]);
    throw failure;
  } finally {
    underWay.delete(one);
  }
}

/** What became of an uncaught error. */
export interface Blame {
  /** The works that failed by it; none = it belongs to nobody. */
  readonly names: readonly string[];
  /** Whether it came from work that had already ended, which it cannot harm any more. */
  readonly late: boolean;
}

/** Fails the work that an uncaught error came from; all that is under way where nobody can tell. */
export function blame(error: unknown): Blame {
  const source = current.getStore();
  if (source && !underWay.has(source)) return { names: [source.name], late: true };
  const hit = source ? [source] : [...underWay];
  for (const one of hit) one.fail(uncaught(error, one));
  return { names: hit.map(({ name }) => name), late: false };
}

/** An uncaught error, as the Failure of the work that it ended. */
export function uncaught(
  error: unknown,
  { name, attempt }: Pick<Guarded, 'name' | 'attempt'>,
): Failure {
  const known = knownFailure(error);
  if (known) return known;
  return new Failure({
    code: 'ERROR_UNCAUGHT',
    what: `An uncaught error ended ${name}: ${messageOf(error)}`,
    why: placeOf(error),
    fix: 'This is a bug in Windlass: please report it with the log of the worker (log/worker.log). What had started is rolled back.',
    class: attempt > 1 ? 'undo' : 'retry', // the same twice is no accident
    cause: error,
  });
}

/** Where it was thrown, as far as its stack tells. */
function placeOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4) : [];
  return lines.map((line) => line.trim()).join('\n') || 'it has no stack';
}
