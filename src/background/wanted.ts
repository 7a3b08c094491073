import { backgroundOf } from '../config/kind.ts';
import type { Service } from '../config/service.ts';
import { readJob } from '../gcp/jobs.ts';
import { readScheduling } from '../gcp/scheduler.ts';
import type { Scheduling } from '../gcp/scheduler.ts';
import { readPoolRevision, readWorkerPool } from '../gcp/worker-pools.ts';
import type { WorkerPool } from '../gcp/worker-pools.ts';
import { ownValue } from '../own-value.ts';
import type { Site } from '../site.ts';
import { candidateOf } from './candidate.ts';

/** What a release says of its jobs and workers beside what they run. */
export interface WantedBackground {
  readonly images: Readonly<Record<string, string>>;
  readonly secretVersions?: Readonly<Record<string, string>>;
}

/** What differs between the release and what its jobs and workers run, a line each. */
export async function backgroundDifferences(
  site: Site,
  wanted: WantedBackground,
): Promise<readonly string[]> {
  return (await differencesByName(site, wanted)).flatMap(({ lines }) => lines);
}

/** The jobs and workers that do not run what the release says, or not when. */
export async function backgroundToPromote(
  site: Site,
  wanted: WantedBackground,
): Promise<readonly string[]> {
  const all = await differencesByName(site, wanted);
  return all.flatMap(({ name, lines }) => (lines.length > 0 ? [name] : []));
}

/** When a job runs as windlass.yaml says it; undefined = no schedule. */
export function schedulingOf({ schedule, timeZone }: Service): Scheduling | undefined {
  if (schedule === undefined) return undefined;
  return { schedule, timeZone: timeZone ?? 'Etc/UTC', paused: false };
}

/** How many instances a worker has. */
export function instancesOf({ instances = 1 }: Pick<Service, 'instances'>): number {
  return instances;
}

async function differencesByName(site: Site, wanted: WantedBackground) {
  const { services } = site.config;
  return Promise.all(
    backgroundOf(services).map(async (name) => {
      const service = ownValue(services, name);
      if (!service) return { name, lines: [] };
      const lines =
        service.kind === 'job'
          ? await jobDifferences(site, name, service, wanted)
          : await workerDifferences(site, name, service, wanted);
      return { name, lines };
    }),
  );
}

async function jobDifferences(
  { google }: Site,
  name: string,
  service: Service,
  wanted: WantedBackground,
): Promise<readonly string[]> {
  const [job, candidate, now] = await Promise.all([
    readJob(google, name),
    readJob(google, candidateOf(name)),
    schedulingOf(service) && readScheduling(google, name),
  ]);
  if (!job) return [`job ${name} does not exist`];
  const stated = schedulingOf(service);
  return [
    ...imageDifference(name, job.image, wanted),
    ...mountDifferences(name, job.mounts, wanted),
    ...(candidate && candidate.content !== job.content
      ? [`job ${name} does not run what its candidate does`]
      : []),
    ...(stated ? scheduleDifference(name, stated, now) : []),
  ];
}

function scheduleDifference(
  name: string,
  wanted: Scheduling,
  now: Scheduling | undefined,
): readonly string[] {
  if (!now) return [`job ${name} has no schedule`];
  if (now.paused) return [`the schedule of ${name} is paused`];
  const [is, shall] = [now, wanted].map(({ schedule, timeZone }) => `${schedule} (${timeZone})`);
  return is === shall ? [] : [`job ${name} runs at ${is}, not at ${shall}`];
}

async function workerDifferences(
  site: Site,
  name: string,
  service: Service,
  wanted: WantedBackground,
): Promise<readonly string[]> {
  const pool = await readWorkerPool(site.google, name);
  if (!pool) return [`worker ${name} does not exist`];
  const serving = servingOf(pool);
  if (serving === undefined) return [`worker ${name} splits its instances`];
  const [revision, newest] = await Promise.all(
    [serving, pool.latestReadyRevision].map((one) =>
      readPoolRevision(site.google, { pool: name, revision: one }),
    ),
  );
  const count = instancesOf(service);
  return [
    ...(pool.ready ? [] : [`worker ${name} is not ready (${pool.reason})`]),
    ...(isBound(pool) ? [] : [`worker ${name} follows LATEST`]),
    ...imageDifference(name, revision?.image, wanted),
    ...mountDifferences(name, revision?.mounts ?? [], wanted),
    ...(newest?.content === revision?.content
      ? []
      : [`worker ${name} does not run its newest revision`]),
    ...(pool.instances === count
      ? []
      : [`worker ${name} has ${pool.instances} instances, not ${count}`]),
  ];
}

/** The revision that all instances are of; undefined where there are several. */
export function servingOf({ splits, latestReadyRevision }: WorkerPool): string | undefined {
  const all = splits.filter(({ percent }) => percent > 0);
  const [one] = all;
  if (!one || all.length > 1) return undefined;
  return one.revision === 'LATEST' ? latestReadyRevision : one.revision;
}

function isBound({ splits }: WorkerPool): boolean {
  return splits.every(({ revision }) => revision !== 'LATEST');
}

function imageDifference(
  name: string,
  image: string | undefined,
  { images }: WantedBackground,
): readonly string[] {
  const wanted = ownValue(images, name);
  return wanted === undefined || wanted === image ? [] : [`${name} runs ${image}, not ${wanted}`];
}

function mountDifferences(
  name: string,
  mounts: readonly { readonly secret: string; readonly version: string }[],
  { secretVersions }: WantedBackground,
): readonly string[] {
  return mounts
    .filter(({ secret, version }) => secretVersions && secretVersions[secret] !== version)
    .map(({ secret, version }) => `${name} mounts version ${version} of ${secret}`);
}
