import { AsyncLocalStorage } from 'node:async_hooks';

/** Says, by throwing, that this moment's work may not write. */
export interface Fence {
  readonly assertFresh: () => void;
  /** The run that the work belongs to. */
  readonly run: string;
}

const current = new AsyncLocalStorage<Fence>();

/** Does work each write of which is made under the fence; see `assertMayWrite`. */
export function behindFence<T>(fence: Fence, work: () => Promise<T>): Promise<T> {
  return current.run(fence, work);
}

/** What our calls are to be known by in the clouds' audit logs: the run, where one writes. */
export function userAgent(): string {
  const run = current.getStore()?.run;
  return run === undefined ? 'windlass' : `windlass/${run}`;
}

/** Does work that no fence holds back: the renewal itself. */
export function outsideFence<T>(work: () => T): T {
  return current.exit(work);
}

/**
 * Every door calls this right before it writes: a process that slept through its lease finds out
 * here, before its timers do. Work that is under no lease passes.
 */
export function assertMayWrite(): void {
  current.getStore()?.assertFresh();
}
