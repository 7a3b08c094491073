import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Site } from '../site.ts';
import { applySaved } from './apply-stack.ts';
import type { OpenStack } from './open-stack.ts';
import { planStack } from './stack-plan.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import { findSurvivors, importBlocks } from './survivors.ts';

/**
 * Brings a stack to its configuration whatever of it survived: what exists and is not in the state
 * is imported by the same plan that creates the rest. Answers what was adopted.
 */
export async function adoptAndConverge(
  site: Site,
  stack: OpenStack,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly string[]> {
  await stack.settle();
  const first = await planStack(stack, watch);
  if (first.empty) return [];
  const survivors = await findSurvivors(site.google, await show(stack.place, first.file));
  if (survivors.length === 0) {
    await applySaved(stack, first, watch);
    return [];
  }
  await writeFile(join(stack.place.stackDir, 'survivors.tf'), importBlocks(survivors));
  await applySaved(stack, await planStack(stack, watch), watch);
  return survivors.map(({ id }) => `${id} still existed and was adopted`);
}
