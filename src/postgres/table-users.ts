import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { held } from '../held.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { versionTableList } from './version-table.ts';

/** Somebody had to wait for a table: between two moments of `performance.now()`. */
export interface Wait {
  readonly table: string;
  readonly who: 'readers' | 'writers';
  readonly from: number;
  readonly to: number;
}

/** One reader and one writer who use every table in turn. */
export interface TableUsers {
  readonly tables: number;
  /** Waits of some length that are over, oldest first. */
  readonly waits: readonly Wait[];
  /** Ends them; a wait that is not over is cut off, and counts. */
  readonly close: () => Promise<void>;
}

// A round of fifty tables takes about half a second.
const restMs = 5;
const heldMs = 5;
// What a busy machine alone makes of a turn.
const noticedMs = 20;

/**
 * Lets one reader and one writer go round all tables that stand there now, in short transactions,
 * until `close`. No row is changed: the writer takes the lock that every write takes, and gives it
 * back. What they are refused (a table that is gone, a missing right) is nobody's business.
 */
export async function useTables(login: Login): Promise<TableUsers> {
  const tables = await withClient(login, async (client) => {
    const { rows } = await client.query<{ table: string }>(tablesThere);
    return rows.map(({ table }) => table);
  });
  const waits: Wait[] = [];
  const stop = new AbortController();
  const round = { login, tables, waits, signal: stop.signal };
  const both = tables.length === 0 ? [] : [use(round, 'readers'), use(round, 'writers')];
  const close = async () => {
    stop.abort();
    await Promise.all(both);
  };
  return { tables: tables.length, waits, close };
}

interface Round {
  readonly login: Login;
  readonly tables: readonly string[];
  readonly waits: Wait[];
  readonly signal: AbortSignal;
}

/** Comes back after the database was away, as users do. */
async function use(round: Round, who: Wait['who']): Promise<void> {
  const { login, signal } = round;
  while (!signal.aborted) {
    await withClient(login, (client) => goRound(client, who, round)).catch(() => undefined);
    if (!signal.aborted) await pause(200);
  }
}

async function goRound(client: pg.Client, who: Wait['who'], round: Round): Promise<void> {
  const { tables, waits, signal } = round;
  const leave = () => void held(client.end());
  signal.addEventListener('abort', leave, { once: true });
  try {
    await client.query("set client_connection_check_interval = '1s'");
    for (let at = 0; !signal.aborted; at = (at + 1) % tables.length) {
      const table = tables[at] ?? '';
      const from = performance.now();
      await turn(client, who, table).finally(() => {
        const to = performance.now();
        if (to - from > noticedMs) waits.push({ table, who, from, to });
      });
      await pause(restMs);
    }
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function turn(client: pg.Client, who: Wait['who'], table: string): Promise<void> {
  const take =
    who === 'readers'
      ? `select from ${table} limit 0`
      : `lock table ${table} in row exclusive mode`;
  try {
    await client.query(`begin; ${take}; select pg_sleep(${heldMs / 1000}); rollback`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    await client.query('rollback');
  }
}

const tablesThere = `
select format('%I.%I', nspname, relname) as table
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'p') and not relispartition and nspname <> 'information_schema'
  and nspname !~ '^pg_' and relname not in (${versionTableList})
order by 1`;
