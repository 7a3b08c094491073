import type { Answered } from './tap.ts';
import type { Held, Standing } from './locks.ts';
import { hinders } from './locks.ts';

/** A live table that a revision locks so that others wait, and for how long on the copy. */
export interface TableLock {
  readonly table: string;
  readonly mode: string;
  readonly ms: number;
}

/** What one revision really executed, in one direction. */
export interface Journal {
  readonly statements: readonly string[];
  /** Tables that stood there before, and may have been written. */
  readonly written: ReadonlySet<string>;
  readonly locks: readonly TableLock[];
  /** What was committed before the revision’s end; empty = it is one transaction. */
  readonly halves: readonly string[];
}

/** Writes down what the sessions of one revision do. */
export function journal() {
  const statements: string[] = [];
  const written = new Set<string>();
  const locks = new Map<string, TableLock>();
  const commits: string[] = [];
  let transaction = fresh();
  const close = () => {
    for (const [table, { mode, at }] of transaction.held)
      longer(locks, { table, mode, ms: Math.round(transaction.ran - at) });
    if (transaction.wrote && transaction.first !== undefined) commits.push(transaction.first);
    transaction = fresh();
  };
  const add = ({ text, ms, open, failed }: Answered, standing: Standing): void => {
    if (failed) {
      if (!open.after) transaction = fresh();
      return;
    }
    const own = isOwn(text) && (standing.wrote || !/^\s*select\b/i.test(text));
    if (own) statements.push(text);
    for (const held of standing.held) {
      if (held.written) written.add(held.table);
      take(transaction, held);
    }
    transaction.ran += ms;
    transaction.wrote ||= standing.wrote;
    if (own && open.after) transaction.first ??= text;
    if (!open.before && !open.after && own && !concurrently.test(text)) commits.push(text);
    if (!open.after) close();
  };
  const done = (): Journal => {
    const found = [...locks.values()].filter(({ mode }) => hinders(mode) !== undefined);
    return { statements, written, locks: found, halves: commits.length > 1 ? commits : [] };
  };
  return { add, done };
}

interface Transaction {
  /** Milliseconds that its statements have taken. */
  ran: number;
  wrote: boolean;
  first: string | undefined;
  readonly held: Map<string, { readonly mode: string; readonly at: number }>;
}

function fresh(): Transaction {
  return { ran: 0, wrote: false, first: undefined, held: new Map() };
}

/** The strongest mode counts, from the statement on that first took it. */
function take(transaction: Transaction, { table, mode }: Held): void {
  const known = transaction.held.get(table);
  if (known?.mode === mode) return;
  const at = known && hinders(known.mode) !== undefined ? known.at : transaction.ran;
  transaction.held.set(table, { mode, at });
}

function longer(locks: Map<string, TableLock>, lock: TableLock): void {
  const known = locks.get(lock.table);
  if (!known || lock.ms >= known.ms) locks.set(lock.table, lock);
}

/** A statement of the revision, not of its frame, of Alembic’s bookkeeping or of the driver. */
function isOwn(text: string): boolean {
  if (text.trim() === '' || isFrame(text)) return false;
  return !books.test(text) || text.includes(';');
}

/** What stands around statements, and takes no lock of its own. */
export function isFrame(text: string): boolean {
  return frame.test(text) && !text.includes(';');
}

const frame =
  /^\s*(begin|commit|rollback|start transaction|savepoint|release|set|reset|show|discard|deallocate)\b/i;
const books =
  /^\s*(select|insert into|update|delete from|create table|drop table)\b[^;]*\b(alembic|windlass)_version\b|^\s*(alter table|create policy)\b[^;]*\bwindlass_version\b|pg_catalog\./i;
const concurrently = /\bconcurrently\b/i;
