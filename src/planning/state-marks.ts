import { stackNames } from '../deploy.ts';
import type { StackName, StateMark } from '../deploy.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { stateObject } from '../state/state-object.ts';
import { readState } from '../state/state-text.ts';

/** The generation of each stack's state object; null where there is no state yet. */
export async function stateMarks(site: Site): Promise<readonly StateMark[]> {
  return Promise.all(
    stackNames.map(async (stack) => {
      const stored = await statObject(site.google, await stateObject(site, stack));
      return { stack, generation: stored?.generation ?? null };
    }),
  );
}

/** The stacks whose state is another one than when the plan was made. */
export async function movedSince(
  site: Site,
  planned: readonly StateMark[],
): Promise<readonly StackName[]> {
  const before = new Map(planned.map(({ stack, generation }) => [stack, generation]));
  const moved = (await stateMarks(site)).filter(
    ({ stack, generation }) => before.get(stack) !== generation,
  );
  // Where there was no state terraform's `init` writes an empty one: that is still none.
  const empty = await Promise.all(
    moved.map(async ({ stack }) => before.get(stack) === null && (await isEmpty(site, stack))),
  );
  return moved.filter((_, index) => empty[index] !== true).map(({ stack }) => stack);
}

async function isEmpty(site: Site, stack: StackName): Promise<boolean> {
  const content = await readObject(site.google, await stateObject(site, stack));
  return content !== undefined && readState(content.toString())?.resources.length === 0;
}
