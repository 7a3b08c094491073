import pg from 'pg';
import { unlessLocked } from './contents.ts';
import type { Held } from './locks.ts';
import type { Answered } from './tap.ts';

/** How many rows of a table there are, and how many its owner sees. */
interface Counts {
  readonly rows: number;
  readonly visible: number;
}

/** Knows as which role each session acts, and whose rows its rules hide from that role. */
export function hiddenRows(
  client: pg.ClientBase,
  rowsOf: (table: string) => number | undefined = () => undefined,
) {
  const counts = new Map<string, Counts>();
  const roles = new Map<number, string | undefined>();
  const ruled = new Map<number, string>();
  /** Before a statement is forwarded: afterwards its locks may keep everybody out. */
  const count = async (tables: Iterable<string>): Promise<void> => {
    for (const table of tables) {
      if (counts.has(table)) continue;
      const found = await countsOf(client, table, rowsOf(table)).catch(unlessLocked);
      if (found) counts.set(table, found);
    }
  };
  /** Tables of which a statement read or changed some rows only, in words. */
  const find = (answered: Answered, held: readonly Held[]): readonly string[] => {
    const { pid, text, open } = answered;
    const said = setsRole.exec(text);
    if (said) roles.set(pid, said[1]);
    if (rules.test(text)) ruled.set(pid, `${ruled.get(pid) ?? ''} ${text.toLowerCase()}`);
    const own = ruled.get(pid) ?? '';
    if (!open.after) ruled.delete(pid);
    const role = roles.get(pid);
    if (role === undefined || !readsRows.test(text)) return [];
    return held.flatMap(({ table, written, modes }) => {
      const known = counts.get(table);
      if (!known || !couldHide({ written, modes }, answered)) return [];
      const seen = own.includes(bareName(table)) ? reached(answered, known) : known.visible;
      if (seen >= known.rows) return [];
      return [
        `saw ${seen} of ${known.rows} rows of ${table}, whose row security hides the others from ${role}: ${text}`,
      ];
    });
  };
  return { count, find };
}

/** Rules that the same transaction has made are not to be seen from outside: its own count tells. */
function reached({ tags }: Answered, { rows }: Counts): number {
  return tags.some((tag) => /^(UPDATE|DELETE|MERGE) 0$/.test(tag)) ? 0 : rows;
}

function bareName(table: string): string {
  return (table.split('.').at(-1) ?? table).replaceAll('"', '').toLowerCase();
}

/** An insert alone reads nothing of its target. */
function couldHide(
  { written, modes }: Pick<Held, 'written' | 'modes'>,
  { tags }: Answered,
): boolean {
  const inserts = tags.length > 0 && tags.every((tag) => tag.startsWith('INSERT'));
  if (written && !inserts) return true;
  return modes.includes('AccessShareLock') || modes.includes('RowShareLock');
}

async function countsOf(
  client: pg.ClientBase,
  table: string,
  known: number | undefined,
): Promise<Counts | undefined> {
  const { rows: found } = await client.query<{ owner: string }>(forcedOn, [table]);
  const owner = found[0]?.owner;
  if (owner === undefined) return undefined;
  const text = `select count(*)::int as rows from ${table}`;
  try {
    await client.query('begin; set local row_security = off');
    const all = known ?? (await client.query<{ rows: number }>(text)).rows[0]?.rows ?? 0;
    await client.query(`set local row_security = on; set local role ${pg.escapeIdentifier(owner)}`);
    const some = await client.query<{ rows: number }>(text);
    return { rows: all, visible: some.rows[0]?.rows ?? 0 };
  } finally {
    await client.query('rollback');
  }
}

const setsRole =
  /^\s*(?:set\s+(?:session\s+|local\s+)?role\s+(?:to\s+)?"?([^";\s]+)"?|reset\s+role)/i;
const rules = /\bpolicy\b|\brow\s+level\s+security\b/i;
const readsRows =
  /^\s*(update|delete|merge|insert|with|select|do|call|create\s+(\w+\s+)*(table|materialized)\b)/i;
const forcedOn = `
select rolname as owner from pg_class join pg_roles r on r.oid = relowner
where pg_class.oid = to_regclass($1) and relrowsecurity and relforcerowsecurity
  and not rolbypassrls and not rolsuper`;
