import type { Deploy, StackName } from '../deploy.ts';
import type { Site } from '../site.ts';
import { importResource } from '../terraform/import-resource.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import { needed } from './needed.ts';
import { openStack } from './open-stack.ts';
import { mending, reconcile } from './reconcile.ts';
import { planStack } from './stack-plan.ts';
import { findSurvivors } from './survivors.ts';

/**
 * Writes into the state what an apply that was killed made and could not write down, so that the
 * undo removes it. Only what this run made: the plan refuses what was there before, and what came
 * since without the plan's labels is somebody else's. Answers what that is, in words.
 */
export async function adoptUnwritten(
  site: Site,
  d: Deploy,
  stack: StackName,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly string[]> {
  const release = needed(d.bundle, 'the release');
  const secretVersions = d.secretVersions ?? d.plan?.secretVersions ?? {};
  const inputs = { release, stack, secretVersions, alongside: d.previous };
  const opened = await openStack(site, `${d.runId}-unwritten`, inputs);
  await reconcile(opened);
  const saved = await planStack(opened, watch);
  if (saved.empty) return [];
  const { place, varFile } = opened;
  const found = await findSurvivors(site.google, await show(place, saved.file));
  for (const { address, id } of found.filter(({ marked }) => marked))
    await mending(opened, () => importResource(place, { address, id, varFile }));
  return found
    .filter(({ marked }) => !marked)
    .map(({ id }) => `${id}: without the labels of this environment, left as it is`);
}
