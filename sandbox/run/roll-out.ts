import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { GoogleError } from '../google/http.ts';
import type { World } from '../world.ts';
import type { Fleet } from './fleet.ts';
import type { Generation } from './generations.ts';
import { logPage } from './log-page.ts';
import { changeService, type RevisionRecord, revisions, revisionsOf } from './records.ts';
import { type ServiceRecord, shortName, type State, TrafficTarget } from './records.ts';
import { serviceNamed, services } from './records.ts';
import { followsLatest, revisionOf } from './traffic.ts';

/** The world and what runs in it. */
export interface Running {
  readonly world: World;
  readonly fleet: Fleet;
}

/**
 * Brings a stored generation about: starts its revision, and moves the traffic only when that is
 * ready. Rejects with FAILED_PRECONDITION where it is not; the old revision goes on serving.
 */
export async function rollOut(running: Running, generation: Generation): Promise<ServiceRecord> {
  const { world, fleet } = running;
  const { service, revision } = generation;
  const { name } = service;
  return fleet.inTurn(name, async () => {
    const outcome =
      revision === undefined
        ? inheritedState(world, service)
        : await startRevision(running, revision);
    if (outcome.phase === 'ready' && revision !== undefined) {
      changeService(world, name, { latestReady: shortName(revision.name) });
    }
    const reached = outcome.phase === 'ready' ? routeState(world, service) : outcome;
    const state = stillReady(service, reached) ? service.state : reached;
    const served = state.phase === 'ready' ? { served: trafficOf(service) } : {};
    const newest = serviceNamed(world, name).generation === service.generation;
    const observedGeneration = service.generation;
    changeService(world, name, { ...served, observedGeneration, ...(newest ? { state } : {}) });
    const settled = await fleet.settle(name);
    if (state.phase === 'ready') return settled;
    throw new GoogleError('FAILED_PRECONDITION', state.message ?? 'The service is not ready.');
  });
}

// What was ready and is ready has had no transition.
const stillReady = ({ state }: ServiceRecord, reached: State): boolean =>
  state.phase === 'ready' && reached.phase === 'ready';

/** Takes up the generations that a server left unfinished when it ended. */
export function resumeRollOuts(running: Running): void {
  for (const [name, service] of services(running.world).list()) {
    if (service.state.phase !== 'pending') continue;
    const created = revisions(running.world).get(
      `${name}/revisions/${service.latestCreated ?? ''}`,
    );
    const revision = created?.state.phase === 'pending' ? created : undefined;
    void rollOut(running, { service, revision }).catch(() => undefined);
  }
}

async function startRevision({ world, fleet }: Running, revision: RevisionRecord): Promise<State> {
  const { revisionMs, revisionJitterMs } = world.profile.get();
  await sleep(Math.max(0, revisionMs + revisionJitterMs * world.profile.jitter()));
  const state = await fleet.start(revision).then(
    () => ready(world),
    (error: unknown) => failed(world, error, describe({ world, fleet }, revision, error)),
  );
  const updateTime = world.now().toISOString();
  if (services(world).get(revision.service) !== undefined) {
    revisions(world).set(revision.name, { ...revision, state, updateTime });
  }
  return state;
}

// Without a new revision a service that follows the latest one is as good as that one.
function inheritedState(world: World, service: ServiceRecord): State {
  if (!followsLatest(trafficOf(service)) || service.latestCreated === undefined)
    return ready(world);
  const latest = revisions(world).get(`${service.name}/revisions/${service.latestCreated}`);
  return latest?.state.phase === 'failed' ? latest.state : ready(world);
}

function routeState(world: World, { name, ...service }: ServiceRecord): State {
  const { latestReady } = serviceNamed(world, name);
  const usable = revisionsOf(world, name)
    .filter(({ state }) => state.phase === 'ready')
    .map((revision) => shortName(revision.name));
  const lost = trafficOf({ name, ...service })
    .map((target) => revisionOf(target, latestReady))
    .find((short) => short === undefined || !usable.includes(short));
  if (lost === undefined) return ready(world);
  const message = `Revision '${lost}' is not ready and cannot serve traffic.`;
  return { phase: 'failed', reason: 'REVISION_FAILED', message, at: world.now().toISOString() };
}

function describe({ world, fleet }: Running, revision: RevisionRecord, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return (
    `Revision '${shortName(revision.name)}' is not ready and cannot serve traffic. ${why}\n\n` +
    `Logs URL: ${fleet.baseUrl()}${logPage(world, revision)}`
  );
}

function failed(world: World, error: unknown, message: string): State {
  const status = error instanceof GoogleError ? error.status : undefined;
  const secret = message.includes('ecret');
  const reason =
    status === 'FAILED_PRECONDITION'
      ? 'HEALTH_CHECK_CONTAINER_ERROR'
      : secret
        ? 'SECRETS_ACCESS_CHECK_FAILED'
        : status === 'NOT_FOUND'
          ? 'CONTAINER_MISSING'
          : 'INTERNAL';
  return { phase: 'failed', reason, message, at: world.now().toISOString() };
}

const ready = (world: World): State => ({ phase: 'ready', at: world.now().toISOString() });

const trafficOf = ({ spec }: ServiceRecord): TrafficTarget[] =>
  z.array(TrafficTarget).parse(spec['traffic']);
