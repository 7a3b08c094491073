import { z } from 'zod';
import type { MigrationLine } from './alembic.ts';

/** What a run's own migrations wrote, as the database counted it in each of their transactions. */
export const Written = z.object({
  version: z.literal(1),
  /** The last program told all: none was cut off while it may have written. */
  complete: z.boolean(),
  /** Rows inserted, updated or deleted, by table. */
  rows: z.record(z.string(), z.number()),
  /** Tables that were emptied or written anew as a whole. */
  moved: z.array(z.string()),
  /** Ids of the transactions. */
  xids: z.array(z.string()),
  /** What was done where nobody counts. */
  unseen: z.array(z.string()),
});
export type Written = z.infer<typeof Written>;

export const nothingWritten: Written = {
  ...{ version: 1, complete: true, rows: {}, moved: [], xids: [], unseen: [] },
};

/** The same with what one more line tells. */
export function andLine(known: Written, { wrote = {}, moved = [], xid, unseen }: MigrationLine) {
  const rows = { ...known.rows };
  for (const [table, count] of Object.entries(wrote)) rows[table] = (rows[table] ?? 0) + count;
  return {
    ...known,
    rows,
    moved: [...known.moved, ...moved],
    xids: xid === undefined ? known.xids : [...known.xids, xid],
    unseen: unseen === undefined ? known.unseen : [...known.unseen, unseen],
  };
}
