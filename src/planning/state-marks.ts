import type { StackName, StateMark } from '../deploy.ts';
import { statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';

const stacks: readonly StackName[] = ['10-foundation', '20-services'];

/** The generation of each stack's state object; null where there is no state yet. */
export async function stateMarks(site: Site): Promise<readonly StateMark[]> {
  return Promise.all(
    stacks.map(async (stack) => {
      const stored = await statObject(site.google, {
        bucket: site.stateBucket,
        name: `${stack}/default.tfstate`,
      });
      return { stack, generation: stored?.generation ?? null };
    }),
  );
}

/** The stacks whose state is another one than when the plan was made. */
export function movedSince(
  planned: readonly StateMark[],
  now: readonly StateMark[],
): readonly StackName[] {
  const before = new Map(planned.map(({ stack, generation }) => [stack, generation]));
  return now
    .filter(({ stack, generation }) => before.get(stack) !== generation)
    .map(({ stack }) => stack);
}
