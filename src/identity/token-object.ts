import type { Signed } from '../words.ts';
import { statementDigest } from './statement.ts';

/** Where in the release bucket the token to a statement waits. */
export function tokenObject({ statement }: Pick<Signed, 'statement'>): string {
  return `trust/tokens/${statementDigest(statement)}.jwt`;
}
