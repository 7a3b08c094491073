import type { Review } from '../../src/migrations/review.ts';

/** A revision as the migrations program tells it, with the SQL of both its directions. */
export function reviewOf(given: {
  readonly up: string | null;
  readonly down: string | null;
  readonly declared?: unknown;
  readonly asks?: Review['asks'];
}): Review {
  const { up, down: back, declared = 'expand', asks } = given;
  return {
    ...{ revision: 'r2', down: 'r1', declared, file: 'migrations/versions/2.py', sha256: '' },
    ...{ up, back, unread: up === null ? 'no database' : null, noWayBack: null },
    ...(asks && { asks }),
  };
}
