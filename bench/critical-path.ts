/** A step with its times, in milliseconds since the epoch. */
export interface TimedStep {
  readonly id: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * The steps that the run's length hangs on, first to last: from the one that ended last, back to the
 * one that ended last before it began, and so on.
 */
export function criticalPath(steps: readonly TimedStep[]): readonly TimedStep[] {
  const path: TimedStep[] = [];
  let last = latest(steps);
  while (last) {
    const { startedAt } = last;
    path.unshift(last);
    last = latest(steps.filter((one) => one.endedAt <= startedAt && !path.includes(one)));
  }
  return path;
}

/** The path as one line: `plan 3.1 s → backup 1.0 s → …`. */
export function pathText(path: readonly TimedStep[]): string {
  return path
    .filter(({ startedAt, endedAt }) => endedAt - startedAt >= 50)
    .map(({ id, startedAt, endedAt }) => `${id} ${((endedAt - startedAt) / 1000).toFixed(1)} s`)
    .join(' → ');
}

function latest(steps: readonly TimedStep[]): TimedStep | undefined {
  return steps.reduce<TimedStep | undefined>(
    (best, one) => (best === undefined || one.endedAt > best.endedAt ? one : best),
    undefined,
  );
}
