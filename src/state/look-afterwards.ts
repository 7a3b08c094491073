import { join } from 'node:path';
import { changedPaths } from '../../infra/policy/changed-paths.ts';
import type { StackName } from '../deploy.ts';
import { predictSecrets } from '../planning/predict-secrets.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import type { OpenStack } from '../stacks/open-stack.ts';
import { runFolder } from '../stacks/run-folder.ts';
import { plan } from '../terraform/plan.ts';
import { show } from '../terraform/show.ts';

/**
 * What the cloud says otherwise than a restored state, by a refresh-only plan with the release in
 * force; undefined where no release was ever recorded, so that nothing can be planned.
 */
export async function lookAfterwards(
  site: Site,
  stack: StackName,
  runId: string,
): Promise<readonly string[] | undefined> {
  const standing = standingOf(await readLedger(site));
  if (!standing) return undefined;
  const secretVersions = { ...(await predictSecrets(site)).versions, ...standing.secretVersions };
  const { release } = standing;
  return drift(await openStack(site, runId, { release, stack, secretVersions }));
}

/** The addresses at which the cloud differs from the state, each with what happened to it. */
export async function drift(opened: OpenStack): Promise<readonly string[]> {
  const { folder } = await runFolder(opened, 'plan');
  const out = join(folder, 'saved.tfplan');
  const options = { out, varFile: opened.varFile, mode: 'refresh-only' } as const;
  const saved = await plan(opened.place, options, { runDir: folder });
  const { resource_drift: found } = await show(opened.place, saved.file);
  return found
    .filter(({ change }) => !change.actions.includes('update') || differs(change))
    .map(({ address, change }) => `${address}: ${change.actions.join(', ')}`);
}

// Others' annotations, such as the mark of a secret's value, and what every write changes.
const notOurs = /^(effective_annotations(\.|$)|etag$|update_time$)/;

function differs({
  before,
  after,
}: {
  readonly before: unknown;
  readonly after: unknown;
}): boolean {
  return changedPaths(before, after, false).some((path) => !notOurs.test(path));
}
