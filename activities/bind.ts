import { bindFollowers, followers } from '../src/bind-traffic.ts';
import type { Binding, Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { needed, planOf } from '../src/stacks/needed.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { fetchPlan } from '../src/stacks/stack-plan.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { planAgain } from '../src/stacks/with-traffic-now.ts';
import { show } from '../src/terraform/show.ts';
import { servicesInputs } from './services.ts';
import type { Work } from './edge.ts';

/**
 * Binds every split that follows LATEST to the revision that the plan names, then plans the services
 * again: the approved plan holds the old split, and one that differs in more than it is refused.
 */
export async function bindTraffic(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal, beat } = work;
  refuseOthers(needed(d.plan, 'the plan').bind ?? [], await followers(site, { signal }));
  await bindFollowers(site, { signal, onSet: (service) => beat(`bound ${service}`) });
  const opened = await openStack(site, d.runId, servicesInputs(d), signal);
  const approved = await fetchPlan(site, planOf(d, '20-services'), `${opened.runs}/..`);
  await planAgain(opened, await show(opened.place, approved.file), watchOf(work));
  return {};
}

function refuseOthers(planned: readonly Binding[], now: readonly Binding[]): void {
  const named = new Map(planned.map(({ service, revision }) => [service, revision]));
  const others = now.filter(({ service, revision }) => named.get(service) !== revision);
  if (others.length === 0) return;
  throw new Failure({
    code: 'TRAFFIC_UNFORESEEN',
    what: 'Traffic follows a revision that the plan did not name',
    why: others
      .map(({ service, revision }) => `${service} follows LATEST, which is ${revision} now`)
      .join('; '),
    fix: 'Deploy again: a new plan names it.',
  });
}
