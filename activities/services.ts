import { keepBackground } from '../src/background/before.ts';
import { backgroundOf } from '../src/config/kind.ts';
import type { Deploy, Traffic } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { tagCandidate } from '../src/gcp/candidate.ts';
import { forbidCall, letCall } from '../src/gcp/invokers.ts';
import { readServices } from '../src/gcp/run.ts';
import { isPinned, newestDiffers } from '../src/serving.ts';
import { isOfEnvironment } from '../src/services-of-environment.ts';
import { applyApproved } from '../src/stacks/apply-approved.ts';
import { converge } from '../src/stacks/apply-stack.ts';
import { bringWhatRunsNeed } from '../src/stacks/bring-what-runs-need.ts';
import { changesRegion } from '../src/stacks/changes-region.ts';
import { selfOf } from '../src/stacks/closed.ts';
import { needed, planOf } from '../src/stacks/needed.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { removeNewServices } from '../src/stacks/remove-services.ts';
import { restoreStack } from '../src/stacks/restore-stack.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { trafficOf } from '../src/traffic.ts';
import type { Work } from './edge.ts';
import { undoFoundation } from './foundation.ts';
import { lastWords } from './last-words.ts';
import { promote, restoreTraffic, returnMovedTraffic, trafficToTarget } from './promote.ts';

const stack = '20-services' as const;

/** Records the split of every service's traffic before anything moves it. */
export async function observeTraffic(
  d: Deploy,
  { site }: Work,
): Promise<{ readonly trafficBefore: Traffic }> {
  if (backgroundOf(site.config.services).length > 0) await keepBackground(site, d);
  return { trafficBefore: trafficOf(await readServices(site.google)) };
}

/** What a deploy's services are planned from. */
export function servicesInputs(d: Deploy) {
  const release = needed(d.bundle, 'the release');
  const secretVersions = needed(d.secretVersions ?? d.plan?.secretVersions, 'the secret versions');
  const closed = d.plan?.opening?.services;
  return { release, stack, secretVersions, alongside: d.previous, closed } as const;
}

/** Pushes the images, waits until each account can read its secrets, applies the approved plan, and tags what is new as candidate at 0 %. */
export async function applyServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal } = work;
  const inputs = servicesInputs(d);
  const opened = await openStack(site, d.runId, inputs, signal);
  await bringWhatRunsNeed(site, inputs.release, work);
  try {
    await applyApproved(site, opened, planOf(d, stack), watchOf(work));
  } catch (error) {
    throw await withLogs(error, work);
  }
  // While they are closed the smoke test calls them as themselves.
  for (const service of inputs.closed ?? [])
    await letCall(site.google, { service, member: `serviceAccount:${selfOf(site, service)}` });
  return { candidates: await tagCandidates(work) };
}

/**
 * A rollback's services: planned anew, for the traffic has moved since the plan that was shown, and
 * a saved plan would send it back with the rest of the service. The split is set once more after.
 */
export async function applyTargetServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { release } = needed(d.target, 'where to go back to');
  const secretVersions = needed(d.plan, 'the plan').secretVersions;
  const inputs = { release, stack, secretVersions, alongside: d.previous } as const;
  const opened = await openStack(work.site, d.runId, inputs, work.signal);
  await bringWhatRunsNeed(work.site, release, work);
  await converge(opened, watchOf(work));
  await trafficToTarget(d, work);
  // Where a service was made anew its callers' old revisions know a dead address: the new one serves.
  return promote(d, work);
}

/** The previous services on the current state; those that this run created are deleted. */
export async function undoServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const named = Object.keys(work.site.config.services);
  const before = needed(d.trafficBefore, 'the services before');
  const foreign = await removeNewServices(work.site, before, named);
  // By name, before anything is applied: what follows LATEST would get the next revision too.
  await returnMovedTraffic(d, work);
  // Should one of those before be gone already, it needs the registry of its region.
  if (await changesRegion(work.site, d)) await undoFoundation(d, work);
  const stays = [...foreign, ...(await restoreStack(work.site, d, stack, watchOf(work)))];
  const { services } = work.site.config;
  for (const service of Object.keys(services).filter((name) => services[name]?.public))
    await forbidCall(work.site.google, {
      ...{ service, member: `serviceAccount:${selfOf(work.site, service)}` },
    });
  await restoreTraffic(d, work);
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

async function tagCandidates({ site, signal }: Work): Promise<Readonly<Record<string, string>>> {
  const services = (await readServices(site.google)).filter((one) => isOfEnvironment(site, one));
  const tagged = await Promise.all(
    services.map(async (service) => {
      const { name, latestReadyRevision: revision } = service;
      if (isPinned(service) && !(await newestDiffers(site, service))) return [];
      const { uri } = await tagCandidate(site.google, { service: name, revision }, { signal });
      return [[name, uri] as const];
    }),
  );
  return Object.fromEntries(tagged.flat());
}

/** A revision that failed says why in its own last lines: they belong into the error. */
async function withLogs(error: unknown, { site }: Work): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  const services = await readServices(site.google).catch(() => []);
  const broken = services.filter((one) => one.latestCreatedRevision !== one.latestReadyRevision);
  const logs = await Promise.all(
    broken.map(async ({ name: service, latestCreatedRevision: revision }) =>
      lastWords(site, { service, revision }),
    ),
  );
  const { code, what, why, fix } = error;
  return new Failure({
    ...{ code, what, fix },
    why: [why, ...logs].join('\n'),
    class: error.class,
  });
}
