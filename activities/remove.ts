import { bindFollowers } from '../src/bind-traffic.ts';
import { stackNames } from '../src/deploy.ts';
import type { Deploy, StackName } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { inRegion } from '../src/gcp/access.ts';
import { deleteService } from '../src/gcp/delete-service.ts';
import { databaseServices } from '../src/services.ts';
import { applySaved } from '../src/stacks/apply-stack.ts';
import { needed } from '../src/stacks/needed.ts';
import type { OpenStack } from '../src/stacks/open-stack.ts';
import { planLeaving } from '../src/stacks/plan-leaving.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { releasedHere } from '../src/releases/as-released.ts';
import type { SavedPlan } from '../src/terraform/plan.ts';
import { show } from '../src/terraform/show.ts';
import type { Work } from './edge.ts';

/**
 * Deletes what the release no longer has: exactly the addresses that stand in the plan. Services go
 * through the Run API first, for terraform refuses to delete a protected one. Schemas stay.
 */
export async function removeLeaving(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const removal = d.plan?.removal;
  if (!removal) return {};
  const { google } = work.site;
  await bindFollowers(work.site, { signal: work.signal });
  const there = removal.from === undefined ? google : inRegion(google, removal.from);
  for (const service of removal.services) {
    work.beat(`deleting ${service}`);
    await deleteService(there, service, { signal: work.signal });
  }
  const plans = await Promise.all(
    stackNames.toReversed().map((stack) => planWithout(stack, d, work)),
  );
  // The services first: they hold on to their accounts and secrets.
  for (const { opened, saved } of plans)
    if (!saved.empty) await applySaved(opened, saved, watchOf(work));
  return { kept: [...(d.kept ?? []), ...(await schemasThatStay(d, work, removal.services))] };
}

interface Without {
  readonly opened: OpenStack;
  readonly saved: SavedPlan;
}

/** Plans a stack without what leaves; a Failure where that would change more than was accepted. */
async function planWithout(stack: StackName, d: Deploy, work: Work): Promise<Without> {
  const leaver = {
    runId: d.runId,
    release: needed(d.bundle, 'the release'),
    secretVersions: needed(d.secretVersions ?? d.plan?.secretVersions, 'the secret versions'),
    previous: needed(d.previous, 'what stood before'),
    from: d.plan?.removal?.from,
  };
  const { opened, saved } = await planLeaving(work.site, stack, leaver, watchOf(work));
  if (saved.empty) return { opened, saved };
  const { resource_changes } = await show(opened.place, saved.file);
  const allowed = new Set(d.plan?.removal?.addresses[stack]);
  const more = resource_changes
    .filter(({ mode, change }) => mode === 'managed' && change.actions.join() !== 'no-op')
    .filter(({ address }) => !allowed.has(address))
    .map(({ address }) => address);
  if (more.length > 0) throw unforeseen(more);
  return { opened, saved };
}

async function schemasThatStay(
  d: Deploy,
  { site }: Work,
  services: readonly string[],
): Promise<readonly string[]> {
  if (!d.previous) return [];
  const before = databaseServices(await releasedHere(site, d.previous.release));
  return before
    .filter(
      (service) => services.includes(service) && !Object.hasOwn(site.config.services, service),
    )
    .map((service) => `schema ${service}: its service is gone, its data stays`);
}

function unforeseen(addresses: readonly string[]): Failure {
  return new Failure({
    code: 'REMOVAL_UNFORESEEN',
    what: 'The removal would change more than was accepted',
    why: `the plan did not list ${addresses.join(', ')}`,
    fix: 'Deploy again: a new plan lists it.',
  });
}
