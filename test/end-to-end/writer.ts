import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '../../src/postgres/connect.ts';
import { requireDatabase } from '../../src/site-database.ts';
import type { Site } from '../../src/site.ts';
import { held } from '../../src/held.ts';

const intoMovements = 'insert into movements.movements (user_id, kind, minutes) values ($1, $2, 1)';
// Each table with the column that holds the number, and how a row is written.
const tables = [
  ['habits.habits', 'name', 'insert into habits.habits (user_id, name) values ($1, $2)'],
  ['journal.entries', 'body', 'insert into journal.entries (user_id, body) values ($1, $2)'],
  ['meals.meals', 'name', 'insert into meals.meals (user_id, name) values ($1, $2)'],
  ['movements.movements', 'kind', intoMovements],
] as const;

/** Numbered rows that a user wrote; `committed` is how many the database has acknowledged. */
export interface Writer {
  readonly committed: () => number;
  /** Milliseconds that the slowest write took. */
  readonly slowest: () => number;
  /** Ends the writing; the numbers, by table, that the database acknowledged and does not hold. */
  readonly missing: () => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** A user who writes a row into each of four tables in turn, 50 rows a second, until `missing`. */
export async function startWriter(site: Site): Promise<Writer> {
  const login = await requireDatabase(site);
  const user = randomUUID();
  const acknowledged = new Map<string, string[]>(tables.map(([table]) => [table, []]));
  const stop = new AbortController();
  let [number, slowest] = [0, 0];
  const write = async (): Promise<void> =>
    withClient(login, async (client) => {
      while (!stop.signal.aborted)
        for (const [table, , insert] of tables) {
          const [text, begun] = [`row ${(number += 1)}`, Date.now()];
          await client.query(insert, [user, text]);
          slowest = Math.max(slowest, Date.now() - begun);
          acknowledged.get(table)?.push(text);
          await pause(20);
        }
    });
  const writing = held(write());
  const missing = async () => {
    stop.abort();
    await writing;
    const lost: Record<string, readonly string[]> = {};
    await withClient(await requireDatabase(site), async (client) => {
      for (const [table, column] of tables) {
        const query = `select ${column} as text from ${table} where user_id = $1`;
        const { rows } = await client.query<{ text: string }>(query, [user]);
        const there = new Set(rows.map(({ text }) => text));
        lost[table] = (acknowledged.get(table) ?? []).filter((text) => !there.has(text));
      }
    });
    return lost;
  };
  return { committed: () => number, slowest: () => slowest, missing };
}
