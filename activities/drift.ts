import type { Deploy } from '../src/deploy.ts';
import { checkDrift as check } from '../src/drift/check-drift.ts';
import type { DriftFinding } from '../src/drift-finding.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

/** Compares the environment with its standing release; changes nothing. */
export async function checkDrift(d: Deploy, work: Work): Promise<readonly DriftFinding[]> {
  return check(work.site, d.runId, watchOf(work));
}
