import { isRecord } from '../migrations/walk.ts';
import type { Entry } from './toc.ts';

/**
 * Whether a difference of two pictures is about what an entry of the dump would have made, and that
 * entry was refused: by the names of both. A thing that nobody refused is no excuse for another.
 */
export function isExplained(difference: string, refused: readonly Entry[]): boolean {
  const row: unknown = JSON.parse(difference.slice(difference.search(/[{[]/)));
  const said = wordsOf(row).join(' ');
  return refused.some((entry) => namesOf(entry).every((name) => mentions(said, name)));
}

/** `FUNCTION f(integer)`, `TABLE t`, `t t_pkey`, `pub t`: what an entry is about, word by word. */
function namesOf({ kind, schema, name }: Entry): readonly string[] {
  const about = attached.has(kind) ? name.replace(/^[A-Z ]+ /, '') : name;
  const bare = about.replace(/\(.*\)$/, '');
  const parts = pairs.has(kind) ? bare.split(' ') : [bare];
  return [...(schema === '-' ? [] : [schema]), ...parts];
}

const attached = new Set(['ACL', 'COMMENT', 'SECURITY LABEL']);
/** Kinds whose name is that of the table and their own. */
const pairs = new Set([
  ...['CONSTRAINT', 'FK CONSTRAINT', 'CHECK CONSTRAINT', 'TRIGGER', 'POLICY', 'RULE', 'DEFAULT'],
  'PUBLICATION TABLE',
]);

function mentions(said: string, name: string): boolean {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const plain = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return (
    said.includes(quoted) ||
    new RegExp(`(?<![\\p{L}\\p{N}_])${plain}(?![\\p{L}\\p{N}_])`, 'u').test(said)
  );
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  return isRecord(value) ? Object.values(value).flatMap(wordsOf) : [];
}
