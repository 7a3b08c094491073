import type { Deploy, StackName } from '../src/deploy.ts';
import { movedSince } from '../src/planning/state-marks.ts';
import type { Work } from './edge.ts';

/** The stacks whose state is no longer the one that the plan was made on. */
export async function statesMoved(
  d: Deploy,
  { site }: Work,
): Promise<{ readonly moved: readonly StackName[] }> {
  return { moved: await movedSince(site, d.plan?.states ?? []) };
}
