import { camelCase } from '../camel-case.ts';
import { Fields } from './fields.ts';
import { invalid } from './http.ts';

const TERM = /^\s*(-|NOT\s+)?([A-Za-z_][\w.]*)\s*(:|=|!=)\s*("[^"]*"|\S+)\s*$/;

/**
 * A list filter of Secret Manager ("Filter secrets and secret versions"): `state:ENABLED`,
 * `labels.team=blue AND NOT name:old`. What is no such filter is INVALID_ARGUMENT.
 */
export function filtered<T extends Fields>(all: readonly T[], text: string | null): readonly T[] {
  if (text === null || text.trim() === '') return all;
  const tests = text.split(/\s+AND\s+/).map(testOf);
  return all.filter((one) => tests.every((test) => test(one)));
}

function testOf(term: string): (one: Fields) => boolean {
  const either = term
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .split(/\s+OR\s+/);
  if (either.length > 1) {
    const tests = either.map(testOf);
    return (one) => tests.some((test) => test(one));
  }
  const [, not, field = '', sign = '', quoted = ''] = TERM.exec(either[0] ?? '') ?? [];
  if (field === '') throw invalid(`Invalid filter: ${term}`);
  const wanted = quoted.replaceAll('"', '');
  const inverse = not !== undefined || sign === '!=';
  return (one) => holds(valueAt(one, field), sign, wanted) !== inverse;
}

function holds(value: unknown, sign: string, wanted: string): boolean {
  if (value === undefined) return false;
  if (wanted === '*') return true;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (sign !== ':') return text === wanted;
  return text.toLowerCase().includes(wanted.toLowerCase());
}

function valueAt(one: Fields, path: string): unknown {
  return path
    .split('.')
    .map(camelCase)
    .reduce<unknown>((value, part) => Fields.safeParse(value).data?.[part], one);
}
