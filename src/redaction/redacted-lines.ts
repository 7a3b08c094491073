import { redacted } from './redacted.ts';

/**
 * The same value, in which every text of several words is redacted: those are lines for people, and
 * may quote what came from outside. Ids, digests and names stay as they are.
 */
export function redactedLines<T>(value: T): T;
export function redactedLines(value: unknown): unknown {
  if (typeof value === 'string') return /\s/.test(value) ? redacted(value) : value;
  if (Array.isArray(value)) return value.map((one: unknown) => redactedLines(one));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redactedLines(one)]));
}
