/** Whole deploys side by side have a Temporal namespace each: an environment is one workflow id. */
export const lane = `lane-${process.env['VITEST_POOL_ID'] ?? 1}`;

/** A namespace that knows nothing of the lane's: to whoever uses it, another Temporal. */
export const otherLane = `other-${process.env['VITEST_POOL_ID'] ?? 1}`;

/** A namespace that no other file uses: in it an environment has never had a run. */
export const untouched = 'untouched';

/** A namespace of which one file alone looks at the runs. */
export const lookedAt = 'looked-at';
