import type { Waiting } from '../gcp/access.ts';
import { readJobs } from '../gcp/jobs.ts';
import { readScheduling } from '../gcp/scheduler.ts';
import type { Scheduling } from '../gcp/scheduler.ts';
import { readWorkerPools } from '../gcp/worker-pools.ts';
import type { PoolStanding } from '../gcp/worker-pools.ts';
import { isOfEnvironment } from '../services-of-environment.ts';
import type { Site } from '../site.ts';
import { isCandidate } from './candidate.ts';

/** What a job runs, and when. */
export interface JobStanding {
  readonly template: Readonly<Record<string, unknown>>;
  readonly scheduling: Scheduling | null;
}

/** What jobs and workers run: what traffic is to services. */
export interface BackgroundStanding {
  readonly jobs: Readonly<Record<string, JobStanding>>;
  readonly workers: Readonly<Record<string, PoolStanding>>;
}

/** What the environment's jobs and workers run now. */
export async function readBackground(
  site: Pick<Site, 'google' | 'config' | 'name'>,
  waiting: Waiting = {},
): Promise<BackgroundStanding> {
  const [jobs, pools] = await Promise.all([
    readJobs(site.google, waiting),
    readWorkerPools(site.google, waiting),
  ]);
  const own = jobs.filter((job) => isOfEnvironment(site, job));
  const standing = own
    .filter(({ name, labels }) => !isCandidate({ name, labels }))
    .map(async ({ name, template }) => {
      const scheduling = await readScheduling(site.google, name, waiting);
      return [name, { template, scheduling: scheduling ?? null }] as const;
    });
  const workers = pools
    .filter((pool) => isOfEnvironment(site, pool))
    .map(({ name, splits, instances }) => [name, { splits, instances }] as const);
  return {
    jobs: Object.fromEntries(await Promise.all(standing)),
    workers: Object.fromEntries(workers),
  };
}
