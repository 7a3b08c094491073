import { performance } from 'node:perf_hooks';

/**
 * A stopwatch of this machine alone, in milliseconds. The monotonic clock stands still while a
 * laptop sleeps and the wall clock may be set back: whichever of the two says more is believed.
 */
export function stopwatch(): () => number {
  const steady = performance.now();
  const wall = Date.now();
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
