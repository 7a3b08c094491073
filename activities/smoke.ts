import type { Deploy } from '../src/deploy.ts';
import { readServices } from '../src/gcp/run.ts';
import { awaitCallers } from '../src/smoke/await-callers.ts';
import { despiteRestarts } from '../src/smoke/despite-restarts.ts';
import { isCalled, reachOf } from '../src/smoke/reach.ts';
import { checkReady } from '../src/smoke/ready.ts';
import { checkRowSecurity } from '../src/smoke/row-security.ts';
import { checkVoucherFlow } from '../src/smoke/voucher-flow.ts';
import { sayOfTraffic } from '../src/smoke/say-of-traffic.ts';
import { needed } from '../src/stacks/needed.ts';
import type { Work } from './edge.ts';

/** Tries the candidates as their users and callers would; removes what it made. */
export async function smokeTest(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  try {
    return await despiteRestarts(work.site, work.attempt, () => tryCandidates(d, work));
  } catch (error) {
    throw await sayOfTraffic(work.site, error, d.trafficBefore);
  }
}

async function tryCandidates(d: Deploy, { site, beat, signal }: Work): Promise<Partial<Deploy>> {
  const ref = needed(d.supabaseRef, 'the Supabase project');
  // What leaves with this release is not called by it either.
  const services = (await readServices(site.google)).filter(({ name }) =>
    Object.hasOwn(site.config.services, name),
  );
  const called = services.filter(({ name }) => isCalled(site, name));
  const alone = services.filter((service) => !called.includes(service));
  const reaches = await Promise.all(
    called.map((one) => reachOf(site, one, d.candidates ?? {}, d.plan?.opening?.services)),
  );
  await awaitCallers(reaches, { beat, signal });
  beat('asking every candidate whether it is ready');
  const ready = await Promise.all(reaches.map((reach) => checkReady(site, reach)));
  beat('probing row level security');
  const security = await checkRowSecurity(site, ref);
  beat('walking the voucher flow');
  const vouchers = await checkVoucherFlow(site, { ref, runId: d.runId, reaches });
  const unasked = alone.map(({ name }) => `${name}: started; nobody may call it, so nobody asked`);
  return { smoke: [...ready, ...unasked, security, ...vouchers] };
}
