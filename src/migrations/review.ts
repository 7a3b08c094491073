import { z } from 'zod';
import { runMigrations } from '../postgres/alembic.ts';
import type { MigrationsProcess } from '../postgres/migrations-process.ts';
import type { Folders } from '../postgres/revisions.ts';

/** One revision: what its file says, and both its directions as SQL. */
export const Review = z.object({
  revision: z.string(),
  /** The one below; a list where two lines of history were merged. */
  down: z.union([z.string(), z.array(z.string())]).nullable(),
  declared: z.unknown(),
  file: z.string(),
  /** Of the file. */
  sha256: z.string(),
  up: z.string().nullable(),
  back: z.string().nullable(),
  /** What it is written for; absent = Alembic. */
  tool: z.enum(['alembic', 'sql', 'command']).optional(),
  /** Why it cannot be written as SQL. */
  unread: z.string().nullable(),
  noWayBack: z.string().nullable(),
  /** Of a program: whether it has a `down`, and the table in which it keeps what it has applied. */
  goesBack: z.boolean().optional(),
  books: z.string().nullish(),
  /** What tells each direction whether a database is there: it may do other things then. */
  asks: z.object({ up: z.array(z.string()), back: z.array(z.string()) }).optional(),
});
export type Review = z.infer<typeof Review>;

/** Reads every revision of every service, oldest first, without a database. */
export async function reviewRevisions(
  folders: Folders,
  program?: MigrationsProcess,
): Promise<Readonly<Record<string, readonly Review[]>>> {
  const lines = await runMigrations({ verb: 'review', folders }, { program });
  return Object.fromEntries(
    lines.map(({ service, reviews }) => [service, z.array(Review).parse(reviews)]),
  );
}
