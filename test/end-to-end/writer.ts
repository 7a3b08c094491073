import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from '../../src/postgres/connect.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { heldLogin } from '../../src/secret-values/dead-logins.ts';
import { requireDatabase } from '../../src/site-database.ts';
import type { Site } from '../../src/site.ts';
import { held } from '../../src/held.ts';

const rowsPerSecond = 50;
// Each table with the column that holds the number, and what else a row needs.
const tables = [
  { table: 'habits.habits', column: 'name' },
  { table: 'journal.entries', column: 'body' },
  { table: 'meals.meals', column: 'name' },
  { table: 'movements.movements', column: 'kind', more: { minutes: 1 } },
] as const;
type Table = (typeof tables)[number];

/** What was written between two looks. */
export interface Lap {
  readonly rows: number;
  /** Milliseconds that the slowest write took. */
  readonly slowestMs: number;
}

/** Numbered rows that a user wrote; `committed` is how many the database has acknowledged. */
export interface Writer {
  readonly committed: () => number;
  /** What was written since the last call. */
  readonly lap: () => Lap;
  /** Ends the writing; the numbers, by table, that the database acknowledged and does not hold. */
  readonly missing: () => Promise<Readonly<Record<string, readonly string[]>>>;
}

/**
 * A user of each of four tables, together 50 rows a second, from the moment when the table is there
 * until `missing`. A write that fails ends the writing of its table, and `missing` rejects with it.
 */
export async function startWriter(site: Site): Promise<Writer> {
  const user = randomUUID();
  const stop = new AbortController();
  const acknowledged = new Map<string, string[]>(tables.map(({ table }) => [table, []]));
  let lap = { rows: 0, slowestMs: 0 };
  let number = 0;
  const write = async (client: pg.Client, one: Table): Promise<void> => {
    const [text, begun] = [`row ${(number += 1)}`, Date.now()];
    await client.query(insertInto(one), [user, text]);
    acknowledged.get(one.table)?.push(text);
    lap = { rows: lap.rows + 1, slowestMs: Math.max(lap.slowestMs, Date.now() - begun) };
  };
  const everyMs = (1000 * tables.length) / rowsPerSecond;
  const writing = tables.map((one) =>
    held(
      (async () => {
        const login = await present(site, one, stop.signal);
        if (!login) return;
        await withClient(login, async (client) => {
          await actAs(client, user);
          // What a wait has held up is made up for, as by users who come all the time.
          for (let due = Date.now(); !stop.signal.aborted; due += everyMs) {
            await pause(Math.max(0, due - Date.now()));
            await write(client, one);
          }
        });
      })(),
    ),
  );
  return {
    committed: () => [...acknowledged.values()].reduce((sum, { length }) => sum + length, 0),
    lap: () => {
      const was = lap;
      lap = { rows: 0, slowestMs: 0 };
      return was;
    },
    missing: async () => {
      stop.abort();
      await Promise.all(writing);
      return missingOf(await requireDatabase(site), user, acknowledged);
    },
  };
}

/**
 * Waits until the table is there, and answers its service's own login: users never have the admin's,
 * of which there is one at a time. Undefined where the writing ended before.
 */
async function present(
  site: Site,
  { table }: Table,
  signal: AbortSignal,
): Promise<Login | undefined> {
  while (!signal.aborted) {
    const secret = table.replace(/\..*/, '-database-url');
    const login = await heldLogin(site, secret).catch(() => undefined);
    const there = login && (await isThere(login, table).catch(() => false));
    if (there) return login;
    await pause(500);
  }
  return undefined;
}

/** As a service does for a user whose claims it has verified. */
async function actAs(client: pg.Client, user: string): Promise<void> {
  const claims = JSON.stringify({ sub: user });
  await client.query("select set_config('request.jwt.claims', $1, false)", [claims]);
}

function isThere(login: Login, table: string): Promise<boolean> {
  return withClient(login, async (client) => {
    const { rows } = await client.query('select to_regclass($1) is not null as there', [table]);
    return rows[0]?.there === true;
  });
}

function insertInto(one: Table): string {
  const more = Object.entries('more' in one ? one.more : {});
  const columns = ['user_id', one.column, ...more.map(([name]) => name)];
  const values = ['$1', '$2', ...more.map(([, value]) => String(value))];
  return `insert into ${one.table} (${columns.join(', ')}) values (${values.join(', ')})`;
}

async function missingOf(
  login: Login,
  user: string,
  acknowledged: ReadonlyMap<string, readonly string[]>,
) {
  const lost: Record<string, readonly string[]> = {};
  await withClient(login, async (client) => {
    for (const { table, column } of tables) {
      const query = `select ${column} as text from ${table} where user_id = $1`;
      const { rows } = await client.query<{ text: string }>(query, [user]);
      const there = new Set(rows.map(({ text }) => text));
      lost[table] = (acknowledged.get(table) ?? []).filter((text) => !there.has(text));
    }
  });
  return lost;
}
