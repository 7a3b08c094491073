import { backgroundBefore } from '../src/background/before.ts';
import { tryBackground } from '../src/background/trial.ts';
import type { Deploy } from '../src/deploy.ts';
import { readServices } from '../src/gcp/run.ts';
import { ownValue } from '../src/own-value.ts';
import { requireDatabase } from '../src/site-database.ts';
import { checkAccess, checkRowSecurity } from '../src/smoke/access.ts';
import { withCandidates } from '../src/smoke/candidate-header.ts';
import { awaitCallers } from '../src/smoke/await-callers.ts';
import { despiteRestarts } from '../src/smoke/despite-restarts.ts';
import { isCalled, reachOf } from '../src/smoke/reach.ts';
import type { Reach } from '../src/smoke/reach.ts';
import { checkReady } from '../src/smoke/ready.ts';
import { openRegister } from '../src/smoke/register.ts';
import { withMadeRemoved } from '../src/smoke/remove-made.ts';
import type { Broom } from '../src/smoke/remove-made.ts';
import { runChecks } from '../src/smoke/run-checks.ts';
import { checkSignIns } from '../src/smoke/sign-ins.ts';
import { sayOfTraffic } from '../src/smoke/say-of-traffic.ts';
import type { Site } from '../src/site.ts';
import { candidateVariable } from '../src/terraform/variables.ts';
import { needed } from '../src/stacks/needed.ts';
import { doorOf } from '../src/supabase/door.ts';
import type { Work } from './edge.ts';

/** Tries the candidates as their users and callers would; removes what it made. */
export async function smokeTest(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  try {
    return await despiteRestarts(work.site, work.attempt, () => tryCandidates(d, work));
  } catch (error) {
    throw await sayOfTraffic(work.site, error, d.trafficBefore);
  }
}

async function tryCandidates(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat, signal } = work;
  const ref = needed(d.supabaseRef, 'the Supabase project');
  // What leaves with this release is not called by it either.
  const services = (await readServices(site.google)).filter(({ name }) =>
    Object.hasOwn(site.config.services, name),
  );
  const called = services.filter(({ name }) => isCalled(site, name));
  const alone = services.filter((service) => !called.includes(service));
  const reached = await Promise.all(
    called.map((one) => reachOf(site, one, d.candidates ?? {}, d.plan?.opening?.services)),
  );
  const reaches = withCandidates(site.config, d.candidates ?? {}, reached);
  await awaitCallers(reaches, { beat, signal });
  beat('asking every candidate whether it is ready');
  const ready = await Promise.all(reaches.map((reach) => checkReady(site, reach)));
  const unasked = alone.map(
    ({ name }) => `${name}: started; not callable by anyone, so not tested`,
  );
  const tried = await tryBackground(site, {
    ...{ beat, signal, before: () => backgroundBefore(site, d) },
    variables: (name) => calleesOf(site, name, { services, candidates: d.candidates }),
  });
  const found = await tryDoors(d, work, { ref, reaches });
  return { smoke: [...ready, ...unasked, ...tried, ...found] };
}

/** Where a job or a worker finds the candidates of what it calls: all of it is of the new release. */
function calleesOf(
  site: Work['site'],
  name: string,
  {
    services,
    candidates = {},
  }: {
    readonly services: readonly { readonly name: string; readonly uri: string }[];
    readonly candidates?: Deploy['candidates'];
  },
): Readonly<Record<string, string>> {
  const { calls = [] } = ownValue(site.config.services, name) ?? {};
  return Object.fromEntries(
    calls.map((callee) => {
      const serving = services.find((one) => one.name === callee)?.uri ?? '';
      return [candidateVariable(callee), ownValue(candidates, callee) ?? serving];
    }),
  );
}

/** What people reach of the environment's data, whatever services there are. */
async function tryDoors(
  { runId, bundle }: Deploy,
  { site, beat, signal, leave }: Work,
  { ref, reaches }: { readonly ref: string; readonly reaches: readonly Reach[] },
): Promise<readonly string[]> {
  const door = await doorOf(site.supabase, ref);
  const login = await requireDatabase(site);
  const register = await openRegister(site, runId);
  const broom = { register, door, login, reaches };
  const checking = { site, runId, release: needed(bundle, 'the release'), broom, beat };
  return withMadeRemoved(broom, async () => {
    const broken = new AbortController();
    const ends = AbortSignal.any([signal, leave, broken.signal]);
    beat('probing row level security and signing people in');
    // What fails ends the checks; of several failures the one of the earlier door is told.
    const [doors, checks] = await Promise.allSettled([
      askDoors({ site, runId }, { door, login, register }).catch((error: unknown) => {
        broken.abort(error);
        throw error;
      }),
      runChecks({ ...checking, signal: ends }),
    ]);
    if (doors.status === 'rejected') throw doors.reason;
    if (checks.status === 'rejected') throw checks.reason;
    return [...doors.value, ...checks.value];
  });
}

/** Row security by the catalog, Auth as it is stated, and what each person reaches by REST. */
async function askDoors(
  { site, runId }: { readonly site: Site; readonly runId: string },
  { door, login, register }: Pick<Broom, 'door' | 'login' | 'register'>,
): Promise<readonly string[]> {
  const security = await checkRowSecurity(site, login);
  const { people, found } = await checkSignIns(site, door, { register, runId });
  return [security, ...found, await checkAccess(site, { door, login }, people)];
}
