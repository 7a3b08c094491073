import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Failure } from '../src/failure.ts';

const heartbeatMs = 2000; // a sixth of the heartbeat timeout of workflows/activities.ts
const staleMs = 10_000;

/**
 * Beats until stopped. A beat that comes so late that Temporal has given the attempt up by then says
 * so before anything else of it goes on: this process stood still, and another attempt may be at work.
 */
export function beat(
  context: Pick<Context, 'heartbeat'>,
  progress: () => string,
  stale: (seconds: number) => void,
) {
  let last = performance.now();
  const timer = setInterval(() => {
    const gap = performance.now() - last;
    last = performance.now();
    if (gap > staleMs) stale(Math.round(gap / 1000));
    context.heartbeat(progress());
  }, heartbeatMs);
  return { stop: () => clearInterval(timer) };
}

/** Tells a cancelled run from a worker that shuts down, which is no reason to undo. */
export function interruptionOf(context: Pick<Context, 'cancelled'>) {
  const cancelled = new AbortController();
  const leaving = new AbortController();
  let reason: unknown;
  context.cancelled.catch((error: unknown) => {
    const shutdown = error instanceof Error && error.message === 'WORKER_SHUTDOWN';
    reason ??= shutdown
      ? ApplicationFailure.retryable('The worker shut down', 'WORKER_SHUTDOWN')
      : error;
    (shutdown ? leaving : cancelled).abort(reason);
  });
  // In this order: a terraform that is left alone gets no SIGINT, for the next attempt adopts it.
  const stale = (seconds: number): void => {
    const what = `The worker was paused for ${seconds} s; another attempt takes over`;
    reason ??= ApplicationFailure.retryable(what, 'WORKER_STOOD_STILL');
    leaving.abort(reason);
    cancelled.abort(reason);
  };
  // What is tried again may go on without us, as after a death of the worker.
  const interrupt = (failure: Failure): void =>
    (failure.class === 'undo' ? cancelled : leaving).abort(failure);
  const signals = { cancelled: cancelled.signal, leaving: leaving.signal };
  return { ...signals, reason: () => reason, interrupt, stale };
}
