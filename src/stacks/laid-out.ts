/** Under these ids a run lays its stacks out a second time, and is not to lay them out a third. */
export const laidOut = {
  /** The release without what leaves: how a removal is planned, done, and verified. */
  alone: (runId: string): string => `${runId}-alone`,
  /** The release with everything open that the plan keeps closed; only looked at. */
  open: (runId: string): string => `${runId}-open`,
  /** What stood before. */
  undo: (runId: string): string => `${runId}-undo`,
} as const;
