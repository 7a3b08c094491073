import { z } from 'zod';

/** The undo of a plan in figures; small enough for the history. */
export const UndoSummary = z.object({
  changes: z.int(),
  coveragePercent: z.int().describe('changes whose undo brings back what was, of all changes'),
  seconds: z.int().describe('estimated time of the whole undo'),
  basis: z.enum(['recorded', 'defaults']).describe('where the estimate comes from'),
  ways: z.record(z.string(), z.int()).describe('how many changes are undone in which way'),
  pointsOfNoReturn: z.array(z.string()).describe('names that --accept must give, sorted'),
});
export type UndoSummary = Readonly<z.infer<typeof UndoSummary>>;
