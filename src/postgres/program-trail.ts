import { z } from 'zod';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';

const Entry = z.object({
  revision: z.string(),
  below: z.string().nullable(),
  /** Somebody accepted that it changes what was there before. */
  accepted: z.boolean(),
  /** Tables, columns and sequences that it added. */
  made: z.array(
    z.object({
      table: z.string(),
      column: z.string().optional(),
      kind: z.literal('sequence').optional(),
    }),
  ),
  /** False where the program failed, and had committed something by then. */
  done: z.boolean(),
});

/** One run of a program that moves a schema. */
export type TrailEntry = z.infer<typeof Entry>;

/** What the programs of a service have done to its schema, oldest first. */
export async function readTrail(login: Login, service: string): Promise<readonly TrailEntry[]> {
  const table = `"${service}".windlass_version`;
  const { rows } = await withClient(login, async (client) => {
    const there = await client.query<{ there: boolean }>(
      `select exists (select from pg_attribute where attrelid = to_regclass($1)
        and attname = 'trail' and not attisdropped) as there`,
      [table],
    );
    return there.rows[0]?.there === true
      ? client.query<{ trail: unknown }>(`select trail from ${table}`)
      : { rows: [] };
  });
  return z.array(Entry).parse(rows[0]?.trail ?? []);
}

/** The runs since a revision; undefined where it is not among them. */
export function trailSince(
  trail: readonly TrailEntry[],
  revision: string | null,
): readonly TrailEntry[] | undefined {
  const done = trail.filter((one) => one.done);
  const at = done.findIndex(({ below }) => below === revision);
  return at < 0 ? undefined : done.slice(at);
}
