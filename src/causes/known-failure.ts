import { Failure } from '../failure.ts';
import { chainOf, textOf } from './chain.ts';
import { sqlFailure } from './sql-failure.ts';
import { systemFailure } from './system-failure.ts';

/**
 * The Failure that an error amounts to, by its type, its SQLSTATE or the system's error code, never
 * by words of its message; undefined where it is none of the known ones.
 */
export function knownFailure(error: unknown): Failure | undefined {
  for (const one of chainOf(error)) {
    if (one instanceof Failure) return one;
    const known = sqlFailure(one) ?? systemFailure(one);
    if (known) return known;
  }
  return undefined;
}

/** The Failure behind an error where it is a known one, else the error as it was thrown. */
export function asKnown(error: unknown): unknown {
  return knownFailure(error) ?? error;
}

/** What an error says of itself. */
export function messageOf(error: unknown): string {
  return textOf(error, 'message') ?? String(error);
}
