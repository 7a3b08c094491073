import type pg from 'pg';
import { versionTableList } from '../postgres/version-table.ts';

/** A table that existed before, and the strongest lock on it that a session holds. */
export interface Held {
  readonly table: string;
  readonly mode: string;
  readonly modes: readonly string[];
  /** Statements may have written rows. */
  readonly written: boolean;
}

/** What an open transaction of another session has come to. */
export interface Standing {
  /** It has written something, wherever. */
  readonly wrote: boolean;
  readonly held: readonly Held[];
}

/** Reads which committed tables a session holds locks on. */
export async function readLocks(client: pg.ClientBase, pid: number): Promise<Standing> {
  const { rows } = await client.query<{ table: string | null; mode: string }>({
    ...{ name: 'windlass locks', text: query, values: [pid] },
  });
  const held = new Map<string, Held>();
  for (const { table, mode } of rows) {
    if (table === null) continue;
    const known = held.get(table);
    const strongest = known && rank(known.mode) > rank(mode) ? known.mode : mode;
    const written = known?.written === true || writing.has(mode);
    held.set(table, { table, mode: strongest, modes: [...(known?.modes ?? []), mode], written });
  }
  return { wrote: rows.some(({ table }) => table === null), held: [...held.values()] };
}

/** Does a lock of this mode keep others from writing, or from reading too? */
export function hinders(mode: string): 'readers and writers' | 'writers' | undefined {
  if (mode === 'AccessExclusiveLock') return 'readers and writers';
  return rank(mode) >= rank('ShareLock') ? 'writers' : undefined;
}

function rank(mode: string): number {
  return order.indexOf(mode);
}

const order = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];
const writing = new Set(['RowExclusiveLock', 'ExclusiveLock']);

// A row without a table is the transaction's own number, which it gets when it first writes.
const query = `
select null::text as table, mode from pg_locks
where pid = $1 and locktype = 'transactionid' and mode = 'ExclusiveLock' and granted
union all
select format('%I.%I', nspname, relname), mode
from pg_locks l join pg_class c on c.oid = l.relation
  join pg_namespace n on n.oid = relnamespace
where l.pid = $1 and l.granted and l.locktype = 'relation' and relkind in ('r', 'p', 'm')
  and l.database = (select oid from pg_database where datname = current_database())
  and nspname <> 'information_schema' and nspname !~ '^pg_' and relname not in (${versionTableList})`;
