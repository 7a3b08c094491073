import { Context } from '@temporalio/activity';
import type { Deploy, StackName } from '../src/deploy.ts';
import { hear } from '../src/identity/hear.ts';
import { movedSince } from '../src/planning/state-marks.ts';
import type { Act, Spoken } from '../src/words.ts';
import type { Work } from './edge.ts';

/** A run that waits, with what was said to it; absent where nobody was asked. */
type Asked = Deploy & { readonly said?: Spoken & { readonly digest: string } };

/**
 * The stacks whose state is no longer the one that the plan was made on; where none is and somebody
 * approves, who that is: a Failure where it is nobody who may.
 */
export async function statesMoved(
  d: Asked,
  { site }: Work,
): Promise<{ readonly moved: readonly StackName[]; readonly act?: Act }> {
  const { said, runId } = d;
  const moved = await movedSince(site, d.plan?.states ?? []);
  if (moved.length > 0 || said === undefined) return { moved };
  const { digest } = said;
  const about = { kind: 'approve', act: 'approve', digest, runId } as const;
  return {
    moved,
    act: await hear(site, { said, ...about, work: Context.current().info.activityId }),
  };
}
