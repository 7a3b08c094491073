import { alterTableEffect } from './alter-table.ts';
import type { Statement } from './read-sql.ts';

/** What a statement does to what the code in service relies on. */
export type Effect =
  | { readonly kind: 'adds' }
  /** Rows or columns go; `from` says which, where that is all that goes. */
  | { readonly kind: 'loses'; readonly why: string; readonly from?: Lost }
  /** Nothing is lost, but code that knows the older schema may fail. */
  | { readonly kind: 'tightens'; readonly why: string }
  | { readonly kind: 'unread'; readonly why: string };

export interface Lost {
  readonly table: string;
  readonly column?: string;
}

/** What the statements before it have made in the same revision: no older code relies on it. */
export type Made = Set<string>;

const adds: Effect = { kind: 'adds' };

/** Classifies one statement; what the reader does not know is `unread`, never harmless. */
export function effectOf({ words }: Statement, made: Made): Effect {
  const [verb = '', ...rest] = plain(words);
  if (harmless.has(verb) || rest.some(isVersionTable)) return adds;
  switch (verb) {
    case 'create':
      return creation(rest, made);
    case 'alter':
      return alteration(rest, made);
    case 'drop':
      return removal(rest, made);
    case 'truncate':
      return { kind: 'loses', why: 'empties a table' };
    case 'delete':
      return made.has(rest[1] ?? '') ? adds : { kind: 'loses', why: 'deletes rows' };
    case 'update':
      return update(rest, made);
    case 'revoke':
      return rest.some((word) => made.has(word)) ? adds : tightens('takes a right away');
    default:
      return { kind: 'unread', why: `cannot be judged by its text (${verb})` };
  }
}

/** Alembic's own table, in whatever schema. */
export function isVersionTable(word: string): boolean {
  return word === 'alembic_version' || word.endsWith('.alembic_version');
}

/** Without `if exists`, `if not exists`, `only` and `concurrently`, which change no effect. */
function plain(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    if (word === 'if' || word === 'only' || word === 'concurrently') return false;
    if (word === 'exists') return !['if', 'not'].includes(words[index - 1] ?? '');
    return !(word === 'not' && words[index - 1] === 'if');
  });
}

function creation(words: readonly string[], made: Made): Effect {
  const what = words.find((word) => !modifiers.has(word)) ?? '';
  if (words.includes('replace')) return tightens('replaces what may be in use');
  const name = words[words.indexOf(what) + 1] ?? '';
  if (what === 'table') made.add(name);
  const on = words[words.indexOf('on') + 1] ?? '';
  if (words[0] === 'unique' && !made.has(on)) return tightens('refuses rows that were allowed');
  if (what === 'policy' && words.includes('restrictive') && !made.has(on))
    return tightens('hides rows');
  return adds;
}

function alteration(words: readonly string[], made: Made): Effect {
  const [what, name = ''] = words;
  if (what === 'table') return alterTableEffect(name, words.slice(2), made);
  if (what === 'type' && words.includes('add') && words.includes('value')) return adds;
  if (what === 'index' || what === 'sequence' || what === 'statistics') return adds;
  return tightens(`changes a ${what} in use`);
}

function removal(words: readonly string[], made: Made): Effect {
  const [what = '', name = ''] = words;
  if (what === 'index' || what === 'statistics') return adds;
  if (made.has(name)) return adds;
  if (what === 'table') {
    const several = words.includes(',');
    return { kind: 'loses', why: 'drops a table', ...(!several && { from: { table: name } }) };
  }
  if (usedByCode.has(what)) return tightens(`drops a ${what} that may be in use`);
  return { kind: 'loses', why: `drops a ${what}` };
}

/** Columns that the same revision made hold nothing yet: to fill them is no loss. */
function update([table = '', ...words]: readonly string[], made: Made): Effect {
  const set = words.indexOf('set');
  const end = words.findIndex((word) => word === 'from' || word === 'where');
  const body = words.slice(set + 1, end < 0 ? undefined : end);
  const columns = body.filter((_, index) => body[index + 1] === '=');
  const fresh = columns.length > 0 && columns.every((column) => made.has(`${table}.${column}`));
  return made.has(table) || fresh ? adds : { kind: 'loses', why: 'overwrites rows' };
}

function tightens(why: string): Effect {
  return { kind: 'tightens', why };
}

const modifiers = new Set(['or', 'replace', 'unique', 'temporary', 'temp', 'unlogged']);
const usedByCode = new Set(['view', 'function', 'procedure', 'trigger', 'policy', 'rule']);
const harmless = new Set([
  ...['set', 'reset', 'begin', 'start', 'commit', 'savepoint', 'release', 'lock', 'show'],
  ...['comment', 'grant', 'insert', 'analyze', 'vacuum', 'reindex', 'refresh'],
]);
