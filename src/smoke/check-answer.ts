import { expectStatus, smokeFailure } from './ask.ts';
import type { Said } from './ask.ts';
import { missingIn } from './held-json.ts';
import type { Reach } from './reach.ts';

/** What an answer must be, as windlass.yaml states it. */
export interface Expected {
  readonly status: number;
  readonly json?: unknown;
}

/** A Failure, named by `what`, where an answer has another status or does not hold what it must. */
export function checkAnswer(
  said: Said,
  { status, json }: Expected,
  { what, reach }: { readonly what: string; readonly reach: Reach },
): void {
  expectStatus(what, said, status);
  if (json === undefined) return;
  const missing = missingIn(said.body, json, { revision: reach.revision, service: reach.name });
  if (missing !== undefined) throw smokeFailure(what, `unexpected answer: ${missing}`);
}
