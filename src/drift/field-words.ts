import { redacted } from '../redaction/redacted.ts';
import type { FieldChange } from './field-changes.ts';

/** Whether the first or the second value of a change is the one that is there. */
export type Found = 'after' | 'before';

const mostFields = 6;
const mostCharacters = 60;

/** The fields that differ with both values: what is there, and what the release made of it. */
export function fieldWords(changes: readonly FieldChange[], found: Found): string {
  const told = changes.filter(({ path }) => !path.endsWith('].name'));
  const words = told.slice(0, mostFields).map((change) => wordsOf(change, found));
  const more = told.length - words.length;
  return [...words, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function wordsOf({ path, before, after, secret }: FieldChange, found: Found): string {
  if (secret) return `${path} has another value (secret)`;
  const [now, then] = (found === 'after' ? [after, before] : [before, after]).map(shown);
  return `${path} is ${now}, ${found === 'after' ? 'was' : 'the release says'} ${then}`;
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'unset';
  const text = redacted(JSON.stringify(value));
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
