import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import type { Stored } from '../deploy.ts';
import { writeFile } from 'node:fs/promises';
import type { Site } from '../site.ts';
import { plan } from '../terraform/plan.ts';
import type { PlanOptions, SavedPlan } from '../terraform/plan.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { OpenStack } from './open-stack.ts';
import { mending, mendingLocked } from './reconcile.ts';
import { runFolder } from './run-folder.ts';

/** Plans an open stack; the saved plan lies in the run's folder. */
export async function planStack(
  stack: OpenStack,
  watch: Omit<Watch, 'runDir'>,
  how: Pick<PlanOptions, 'unlocked'> = {},
): Promise<SavedPlan> {
  const { folder } = await runFolder(stack, 'plan');
  const options = { out: join(folder, 'saved.tfplan'), varFile: stack.varFile, ...how };
  const run = () => plan(stack.place, options, { ...watch, runDir: folder });
  if (how.unlocked) return mending(stack, run);
  return mendingLocked(stack, { ...watch, runDir: folder }, run);
}

/** Keeps a saved plan in the release bucket, so that any worker can apply it. */
export async function keepPlan(site: Site, name: string, saved: SavedPlan): Promise<Stored> {
  const content = await readFile(saved.file);
  const object = `plans/${name}-${saved.sha256.slice(0, 12)}.tfplan`;
  await putOnce(site.google, { bucket: site.releaseBucket, name: object }, content);
  return { object, sha256: saved.sha256 };
}

/** Brings a kept plan back to `folder`, refusing one whose digest is not the approved one. */
export async function fetchPlan(site: Site, kept: Stored, folder: string): Promise<SavedPlan> {
  const content = await readObject(site.google, { bucket: site.releaseBucket, name: kept.object });
  const found = content && createHash('sha256').update(content).digest('hex');
  if (!content || found !== kept.sha256)
    throw new Failure({
      code: 'PLAN_LOST',
      what: 'The approved plan is missing or damaged',
      why: `${kept.object} should have the sha256 ${kept.sha256}`,
      fix: 'Deploy again: a new plan is made.',
    });
  const file = join(folder, 'approved.tfplan');
  await rm(file, { force: true });
  await writeFile(file, content, { mode: 0o600 });
  return { file, sha256: kept.sha256, empty: false };
}
