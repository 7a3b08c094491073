import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { forbidCall } from '../src/gcp/invokers.ts';
import { readServices } from '../src/gcp/run.ts';
import { awaitCallers } from '../src/smoke/await-callers.ts';
import { reachOf } from '../src/smoke/reach.ts';
import { applySaved } from '../src/stacks/apply-stack.ts';
import { selfOf } from '../src/stacks/closed.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { planStack } from '../src/stacks/stack-plan.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { actingOf } from '../src/terraform/plan-json.ts';
import { show } from '../src/terraform/show.ts';
import { servicesInputs } from './services.ts';
import type { Work } from './edge.ts';

/** Opens what was kept closed while it was tested: exactly the addresses that stand in the plan. */
export async function openServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal } = work;
  const opening = d.plan?.opening;
  if (!opening) return {};
  const inputs = { ...servicesInputs(d), closed: [] };
  const opened = await openStack(site, d.runId, inputs, signal);
  await opened.settle();
  const saved = await planStack(opened, watchOf(work));
  if (!saved.empty) {
    const deeds = actingOf(await show(opened.place, saved.file)).map(({ address }) => address);
    const more = deeds.filter((address) => !opening.addresses.includes(address));
    if (more.length > 0) throw unforeseen(more);
    await applySaved(opened, saved, watchOf(work));
  }
  // What Google's doors know of it by now; users come right after.
  const services = (await readServices(site.google)).filter(({ name }) =>
    opening.services.includes(name),
  );
  const reaches = await Promise.all(services.map((service) => reachOf(site, service, {})));
  await awaitCallers(reaches, { beat: work.beat, signal });
  for (const service of opening.services)
    await forbidCall(site.google, { service, member: `serviceAccount:${selfOf(site, service)}` });
  return {};
}

function unforeseen(addresses: readonly string[]): Failure {
  return new Failure({
    code: 'OPENING_UNFORESEEN',
    what: 'Making the services public would change more than was approved',
    why: `the plan did not list ${addresses.join(', ')}`,
    fix: 'Deploy again: a new plan lists it.',
  });
}
