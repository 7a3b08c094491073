import type { Effects } from './witness.ts';

/** The statement, in brackets, that shares most words with what was changed; of several, the last. */
export function blame({ statements }: Pick<Effects, 'statements'>, change: string): string {
  const words = [...new Set(change.match(/[\p{L}\p{N}_]+/gu))];
  const score = (text: string) => words.filter((word) => text.includes(word)).length;
  const [found] = statements.toReversed().toSorted((left, right) => score(right) - score(left));
  return found === undefined ? '' : ` (${short(found)})`;
}

/** A statement, or a line about one, that fits a report. */
export function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
