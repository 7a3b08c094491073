import { z } from 'zod';

/** How one change is wound back. */
export const UndoWay = z.enum([
  'delete',
  'restore values',
  'previous revision',
  'downgrade',
  'withdraw',
  'empty and keep',
  'keep',
  'irreversible',
]);
export type UndoWay = z.infer<typeof UndoWay>;

/** One change of a plan together with its undo. */
export const UndoEntry = z.object({
  kind: z.enum(['resource', 'migration', 'setting', 'secret', 'traffic']),
  name: z.string().describe('terraform address, revision, field, secret or service'),
  change: z.string().describe('what the deploy does, in a word or two'),
  undo: UndoWay,
  how: z.string().describe('what the undo does, or why there is none'),
  pointOfNoReturn: z.string().optional().describe('the name that --accept must give'),
});
export type UndoEntry = z.infer<typeof UndoEntry>;
