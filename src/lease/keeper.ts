import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { ObjectState } from '../gcp/patch-metadata.ts';
import type { Site } from '../site.ts';
import { stopwatch } from './awake.ts';
import { leaseDurations } from './durations.ts';
import { isOf, readLease } from './read-lease.ts';
import { lost, stale } from './words.ts';
import { isMoved, renewLease } from './write-lease.ts';

const patienceInStale = 5; // 5 minutes: an attempt of an activity is dearer than a wait

/** Renews one lease from its making on until `stop`, or until it is another run's. */
export class Keeper {
  /** How many pieces of work need it. */
  users = 0;
  readonly #site: Site;
  readonly #runId: string;
  readonly #durations = leaseDurations();
  readonly #stopped = new AbortController();
  #ending = new AbortController();
  #known: ObjectState | undefined;
  #since = stopwatch();
  #over: Failure | undefined;

  constructor(site: Site, runId: string) {
    this.#site = site;
    this.#runId = runId;
    void this.#renewing().catch(() => undefined); // it was stopped
  }

  /** Aborts once this process may not write any more; a later one is open again after a recovery. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Throws unless this process may write at this moment. */
  assertFresh(): void {
    if (this.#over) throw this.#over;
    if (this.#since() >= this.#durations.staleMs) this.#interrupt();
    this.#ending.signal.throwIfAborted();
  }

  /** Renews now; waits while the bucket does not answer. */
  async fresh(): Promise<void> {
    const { renewMs, staleMs } = this.#durations;
    if (this.#known && !this.#over && this.#since() < Math.min(1000, renewMs / 4)) return;
    for (const waited = stopwatch(); ;) {
      if (this.#over) throw this.#over;
      const failure = await within(this.#renew(), staleMs);
      if (failure === undefined) return;
      if (this.#over) throw this.#over;
      if (waited() > patienceInStale * staleMs) throw stale(this.#site.name, failure);
      await pause(renewMs / 10, undefined, { signal: this.#stopped.signal });
    }
  }

  async #renewing(): Promise<void> {
    const { renewMs, staleMs } = this.#durations;
    let failure: unknown;
    while (!this.#stopped.signal.aborted && !this.#over) {
      const left = failure === undefined ? renewMs - this.#since() : renewMs / 10;
      await pause(Math.max(left, 1), undefined, { ref: false, signal: this.#stopped.signal });
      if (this.#since() >= staleMs) this.#interrupt(failure);
      if (failure === undefined && this.#since() < renewMs * 0.9) continue;
      failure = await within(this.#renew(), Math.max(staleMs - this.#since(), renewMs / 2));
    }
  }

  async #renew(): Promise<void> {
    const began = stopwatch();
    try {
      this.#known = await renewed(this.#site, this.#runId, this.#known);
    } catch (error) {
      if (error instanceof Failure && error.code === 'LEASE_LOST') {
        this.#over = error;
        this.#ending.abort(error);
      }
      throw error;
    }
    if (this.#ending.signal.aborted) this.#ending = new AbortController();
    this.#since = began; // as of before the call: nobody knows when the bucket heard it
  }

  #interrupt(cause?: unknown): void {
    if (!this.#ending.signal.aborted) this.#ending.abort(stale(this.#site.name, cause));
  }
}

/** The state of the lease after a renewal; LEASE_LOST where it is not this run's any more. */
async function renewed(
  site: Site,
  runId: string,
  known: ObjectState | undefined,
): Promise<ObjectState> {
  for (let state = known; ; state = undefined) {
    if (!state) {
      const lease = await readLease(site);
      if (!lease || !isOf(lease, runId)) throw lost(site.name, runId, lease);
      state = lease;
    }
    try {
      return await renewLease(site, state);
    } catch (error) {
      if (!isMoved(error)) throw error; // else: a mark of ours, another keeper of ours, or another run
    }
  }
}

/** What the work failed by, if it did: a call that hangs must not hide that time goes by. */
async function within(work: Promise<void>, ms: number): Promise<unknown> {
  const late = new AbortController();
  const failed = work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  const tooLate = pause(
    ms,
    new Error(`a renewal got no answer within ${Math.round(ms / 1000)} s`),
    { ref: false, signal: late.signal },
  ).catch(() => undefined);
  return Promise.race([failed, tooLate]).finally(() => late.abort());
}
