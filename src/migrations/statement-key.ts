import { readSql } from './grammar.ts';
import type { Statement } from './grammar.ts';
import { isFrame } from './operations.ts';
import { isRecord } from './walk.ts';

/**
 * The statements of an SQL text in a form in which a statement written offline equals the same one
 * as it was executed: names and structure, with `?` for every constant, parameter and its cast.
 * `begin`, `commit` and `set` are left out.
 */
export async function statementKeys(sql: string): Promise<readonly string[]> {
  return (await readSql(sql)).filter(({ node }) => !isFrame(node)).map(keyOf);
}

export function keyOf({ node, text }: Statement): string {
  return node === undefined ? text : JSON.stringify(plain(node));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  if ('A_Const' in value || 'ParamRef' in value) return '?';
  const cast = isRecord(value['TypeCast']) ? plain(value['TypeCast']['arg']) : undefined;
  if (cast === '?') return '?';
  const kept = Object.entries(value).filter(([name]) => !/(^|_)location$/.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner)]));
}
