import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { held } from '../held.ts';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { useTables } from '../postgres/table-users.ts';

/** What the users of a rehearsed environment's database did and met. */
export const LoadSeen = z.object({
  /** Rows that the database acknowledged. */
  rows: z.int(),
  /** Of these, the ones that it does not hold. */
  missing: z.int(),
  /** The longest that a reader or a writer waited for a table, in milliseconds. */
  longestMs: z.int(),
});
export type LoadSeen = z.infer<typeof LoadSeen>;

/** Users of a database, while deploys are broken over it. */
export interface Load {
  /** What there was since the last call. */
  readonly look: () => Promise<LoadSeen>;
  readonly close: () => Promise<void>;
}

const everyMs = 50;

/**
 * Writes numbered rows into a table of its own, 20 a second, and lets a reader and a writer go round
 * all other tables, until `close`. They come back after the database was away.
 */
export async function openLoad(login: Login): Promise<Load> {
  await withClient(login, (client) => client.query(ownTable));
  const acknowledged = new Set<number>();
  const stop = new AbortController();
  const writing = held(write(login, acknowledged, stop.signal));
  const users = await useTables(login);
  let seen = { rows: 0, waits: 0 };
  const look = async () => {
    const numbers = [...acknowledged];
    const there = await withClient(login, async (client) => {
      const { rows } = await client.query<{ n: number }>('select n from windlass_rehearsal.rows');
      return new Set(rows.map(({ n }) => n));
    });
    const waits = users.waits.slice(seen.waits);
    const rows = numbers.length - seen.rows;
    seen = { rows: numbers.length, waits: users.waits.length };
    const missing = numbers.filter((n) => !there.has(n)).length;
    const longestMs = Math.round(Math.max(0, ...waits.map(({ from, to }) => to - from)));
    return { rows, missing, longestMs };
  };
  const close = async () => {
    stop.abort();
    await Promise.all([writing, users.close()]);
  };
  return { look, close };
}

async function write(login: Login, acknowledged: Set<number>, signal: AbortSignal): Promise<void> {
  let n = 0;
  const rows = async (client: pg.Client): Promise<void> => {
    while (!signal.aborted) {
      n += 1;
      await client.query('insert into windlass_rehearsal.rows values ($1)', [n]);
      acknowledged.add(n);
      await pause(everyMs);
    }
  };
  while (!signal.aborted) {
    await withClient(login, rows).catch(() => undefined);
    if (!signal.aborted) await pause(200);
  }
}

const ownTable = `create schema if not exists windlass_rehearsal;
  create table if not exists windlass_rehearsal.rows (n int primary key);
  alter table windlass_rehearsal.rows enable row level security, force row level security`;
