import { attainable } from '../src/attainable.ts';
import { restoreBackground } from '../src/background/before.ts';
import { promoteBackground } from '../src/background/promote.ts';
import type { Deploy, Traffic } from '../src/deploy.ts';
import { readServices } from '../src/gcp/run.ts';
import { setAllTraffic } from '../src/gcp/run-traffic.ts';
import { sameSplit } from '../src/gcp/traffic-split.ts';
import { needed } from '../src/stacks/needed.ts';
import { isOfEnvironment } from '../src/services-of-environment.ts';
import { isPinned, newestDiffers } from '../src/serving.ts';
import { servingRevision, trafficOf } from '../src/traffic.ts';
import type { Work } from './edge.ts';

/**
 * Moves all traffic of every service whose newest revision differs from what serves; the pivot of
 * a deploy.
 */
export async function promote(_d: Deploy, { site, signal, beat }: Work): Promise<Partial<Deploy>> {
  const services = (await readServices(site.google)).filter((one) => isOfEnvironment(site, one));
  const wanted = await Promise.all(
    services.map(async (service) => {
      const moves = !isPinned(service) || (await newestDiffers(site, service));
      const serving = servingRevision(service);
      const revision = moves || serving === undefined ? service.latestReadyRevision : serving;
      return { service: service.name, traffic: [{ revision, percent: 100 }] };
    }),
  );
  const onSet = (service: string): void => beat(`moved ${service}`);
  const after = await setAllTraffic(site.google, wanted, { signal, onSet });
  await promoteBackground(site, { signal, onSet: (name) => beat(`promoted ${name}`) });
  const urls = Object.fromEntries(after.map(({ name, uri }) => [name, uri]));
  return { promoted: trafficOf(after), urls };
}

/** Moves all traffic to what the target release served; the fast half of a rollback. */
export async function trafficToTarget(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  await setSplit(needed(d.target, 'where to go back to').traffic, work);
  return {};
}

/** Puts back the split that was recorded, tags too; services that came later are left alone. */
export async function restoreTraffic(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  await setSplit(needed(d.trafficBefore, 'the traffic before'), work);
  await restoreBackground(work.site, d);
  return {};
}

/** The same for what goes elsewhere now; a service that is not ready yet is left to its apply. */
export async function returnMovedTraffic(d: Deploy, { site }: Work): Promise<void> {
  const before = await attainable(site, needed(d.trafficBefore, 'the traffic before'));
  const now = new Map(
    (await readServices(site.google)).map(({ name, traffic }) => [name, traffic]),
  );
  const moved = before.filter(
    ({ service, traffic }) => !sameSplit(now.get(service) ?? [], traffic),
  );
  await setAllTraffic(site.google, moved);
}

async function setSplit(traffic: Traffic, { site }: Work): Promise<void> {
  await setAllTraffic(site.google, await attainable(site, traffic));
}
