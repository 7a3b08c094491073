import { backgroundOf } from '../config/kind.ts';
import type { Service } from '../config/service.ts';
import type { Waiting } from '../gcp/access.ts';
import { readJob, setJobTemplate } from '../gcp/jobs.ts';
import { setScheduling } from '../gcp/scheduler.ts';
import { readPoolRevision, readWorkerPool, setInstances } from '../gcp/worker-pools.ts';
import type { WorkerPool } from '../gcp/worker-pools.ts';
import { ownValue } from '../own-value.ts';
import type { Site } from '../site.ts';
import { candidateOf } from './candidate.ts';
import { instancesOf, schedulingOf, servingOf } from './wanted.ts';

/** What promotes a job or a worker is told. */
export interface Promoting extends Waiting {
  readonly onSet: (name: string) => void;
}

/**
 * Lets jobs run what their candidates do, when windlass.yaml says, and gives workers' newest
 * revisions their instances: what moving the traffic is to services. Safe to repeat.
 */
export async function promoteBackground(site: Site, promoting: Promoting): Promise<void> {
  const { services } = site.config;
  for (const name of backgroundOf(services)) {
    const service = ownValue(services, name);
    if (!service) continue;
    if (service.kind === 'job') await promoteJob(site, name, service, promoting);
    else await promoteWorker(site, name, service, promoting);
    promoting.onSet(name);
  }
}

/** Binds the instances of workers that follow LATEST: an apply would start what was never tested. */
export async function bindWorkers(site: Site, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const pool = await readWorkerPool(site.google, name);
    if (!pool || pool.latestReadyRevision === '' || pool.instances === 0) continue;
    if (pool.splits.every(({ revision }) => revision !== 'LATEST')) continue;
    const splits = pool.splits.map(({ revision, percent }) => ({
      percent,
      revision: revision === 'LATEST' ? pool.latestReadyRevision : revision,
    }));
    await setInstances(site.google, name, { splits, instances: pool.instances });
  }
}

async function promoteJob(
  { google }: Site,
  name: string,
  service: Service,
  waiting: Waiting,
): Promise<void> {
  const [job, candidate] = await Promise.all([
    readJob(google, name, waiting),
    readJob(google, candidateOf(name), waiting),
  ]);
  if (job && candidate && job.content !== candidate.content)
    await setJobTemplate(google, job, candidate.template, waiting);
  const wanted = schedulingOf(service);
  if (wanted) await setScheduling(google, name, wanted, waiting);
}

async function promoteWorker(
  site: Site,
  name: string,
  service: Service,
  waiting: Waiting,
): Promise<void> {
  const pool = await readWorkerPool(site.google, name, waiting);
  if (!pool) return;
  const revision = await revisionFor(site, pool);
  const instances = instancesOf(service);
  const bound = pool.splits.length === 1 && pool.splits[0]?.revision === revision;
  if (bound && pool.instances === instances && pool.ready) return;
  await setInstances(
    site.google,
    name,
    { splits: [{ revision, percent: 100 }], instances },
    waiting,
  );
}

/** The newest one, unless what runs is the same by another name. */
async function revisionFor({ google }: Site, pool: WorkerPool): Promise<string> {
  const newest = pool.latestReadyRevision;
  const serving = servingOf(pool);
  if (serving === undefined || serving === newest || pool.instances === 0) return newest;
  const [now, next] = await Promise.all(
    [serving, newest].map((revision) => readPoolRevision(google, { pool: pool.name, revision })),
  );
  return now && now.content === next?.content ? serving : newest;
}
