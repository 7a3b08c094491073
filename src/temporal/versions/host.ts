import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Place } from '../../endpoints.ts';
import { Failure, failureText } from '../../failure.ts';
import { held } from '../../held.ts';
import { taskQueue } from '../connect.ts';
import { depositBundle } from './bundle-store.ts';
import { requireRunnable } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { makeCurrent, versionOf } from './deployment.ts';
import { addressOf, obtainBundle, storeAt } from './obtain.ts';
import { openRuns, queueNow } from './open-runs.ts';
import type { OpenRun } from './open-runs.ts';
import { sdkVersion } from './sdk-version.ts';

/** What all workers of this process have in common. */
export interface Hosting {
  readonly place: Place;
  readonly client: Client;
  readonly connection: NativeConnection;
  /** The bundle of this very code. */
  readonly own: Bundle;
  readonly options: Omit<WorkerOptions, 'taskQueue'> & { readonly activities: object };
  readonly log: Logger;
}

const lookEveryMs = 5000;
const idleLooks = 3; // the server's list of open runs is seconds behind

/** A worker of a bundle that is not our own. */
interface Guest {
  readonly worker: Worker;
  readonly ended: Promise<void>;
  idle: number;
}

/**
 * Serves this code's own bundle and, with the same activities, each other bundle that open runs are
 * bound to and that nobody else serves. Ends when the process is told to end.
 */
export async function hostVersions(hosting: Hosting, ready: () => void): Promise<void> {
  const guests = new Map<string, Guest>();
  const told = new Set<string>();
  const over = new AbortController();
  const own = await workerOf(hosting, hosting.own);
  const ended = held(own.run());
  await Promise.race([makeCurrent(hosting.client, hosting.own.buildId), ended]);
  await look(hosting, guests, told);
  ready();
  const looking = held(watchRuns(() => look(hosting, guests, told), over.signal));
  try {
    await ended;
  } finally {
    over.abort();
    await looking;
    await Promise.all([...guests.values()].map((guest) => guest.ended));
  }
}

async function watchRuns(look: () => Promise<void>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await pause(lookEveryMs, undefined, { signal: over }).catch(() => undefined);
    if (!over.aborted) await look();
  }
}

/** Begins and ends guests as the open runs want it; what cannot be had is logged once. */
async function look(
  hosting: Hosting,
  guests: Map<string, Guest>,
  told: Set<string>,
): Promise<void> {
  const { log } = hosting;
  const tell = (error: unknown, what: string): void => {
    const { code, what: said, why, fix } = failureText(error);
    if (told.has(`${what} ${code}`)) return;
    told.add(`${what} ${code}`);
    log.error({ code, why, fix }, `${what}: ${said}`);
  };
  try {
    const runs = await openRuns(hosting.client);
    await depositOwn(hosting, runs, told).catch((error: unknown) => {
      if (!isMissing(error)) tell(error, 'own bundle'); // a first deploy makes the bucket
    });
    const { current, served } = await queueNow(hosting.client);
    const wanted = groupsOf(runs, current);
    dismiss(guests, wanted);
    for (const [buildId, its] of wanted) {
      if (buildId === hosting.own.buildId || guests.has(buildId) || served.has(buildId)) continue;
      await invite(hosting, guests, [buildId, its]).catch((error: unknown) => tell(error, buildId));
    }
  } catch (error) {
    log.warn({ error }, 'the open runs cannot be listed');
  }
}

/** The open runs of each bundle; those that name none yet go to the current one. */
function groupsOf(runs: readonly OpenRun[], current: string | undefined) {
  const groups = new Map<string, OpenRun[]>();
  for (const run of runs) {
    const buildId = run.buildId ?? current;
    if (buildId !== undefined) groups.set(buildId, [...(groups.get(buildId) ?? []), run]);
  }
  return groups;
}

async function invite(
  hosting: Hosting,
  guests: Map<string, Guest>,
  [buildId, runs]: readonly [string, readonly OpenRun[]],
): Promise<void> {
  const bundle = await obtainBundle(hosting.place, buildId, runs);
  const activities = Object.keys(hosting.options.activities);
  requireRunnable(bundle, { sdk: await sdkVersion(), activities });
  const worker = await workerOf(hosting, bundle);
  const gone = (error: unknown): void => {
    hosting.log.error({ error, buildId }, 'the worker of an older bundle ended');
    guests.delete(buildId);
  };
  guests.set(buildId, { worker, ended: worker.run().catch(gone), idle: 0 });
  hosting.log.info({ buildId, runs: runs.map(({ workflowId }) => workflowId) }, 'serves open runs');
}

function dismiss(guests: Map<string, Guest>, wanted: ReadonlyMap<string, unknown>): void {
  for (const [buildId, guest] of guests) {
    guest.idle = wanted.has(buildId) ? 0 : guest.idle + 1;
    if (guest.idle < idleLooks) continue;
    guests.delete(buildId);
    if (guest.worker.getState() === 'RUNNING') guest.worker.shutdown();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.code === 'GOOGLE_NOT_FOUND';
}

/** Keeps our own bundle beside the releases of every environment that a run of ours changes. */
async function depositOwn(
  { place, own }: Hosting,
  runs: readonly OpenRun[],
  told: Set<string>,
): Promise<void> {
  for (const run of runs.filter(({ buildId }) => buildId === own.buildId)) {
    const address = await addressOf(place, run);
    const done = `${address?.project}/${address?.bucket}`;
    if (address === undefined || told.has(done)) continue;
    await depositBundle(await storeAt(place, address), own);
    told.add(done);
  }
}

function workerOf({ connection, options }: Hosting, { code, buildId }: Bundle): Promise<Worker> {
  return Worker.create({
    ...options,
    ...{ connection, taskQueue, workflowBundle: { code } },
    workerDeploymentOptions: {
      version: versionOf(buildId),
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  });
}
