import { candidateOf } from '../background/candidate.ts';
import { readBackground } from '../background/standing.ts';
import { backgroundOf } from '../config/kind.ts';
import { readJob } from '../gcp/jobs.ts';
import { readPoolRevision } from '../gcp/worker-pools.ts';
import type { Site } from '../site.ts';

/** What the environment's jobs and workers run, when, and what would be promoted next. */
export async function backgroundLines(site: Site): Promise<readonly string[]> {
  if (backgroundOf(site.config.services).length === 0) return [];
  const { jobs, workers } = await readBackground(site);
  const ofJobs = Object.entries(jobs).map(async ([name, { scheduling }]) => {
    const { content } = (await readJob(site.google, name)) ?? {};
    return `job ${name} ${JSON.stringify(scheduling)} ${content} ${await candidate(site, name)}`;
  });
  const ofWorkers = Object.entries(workers).map(async ([name, { splits, instances }]) => {
    const serving = splits.map(async ({ revision, percent }) => {
      const made = await readPoolRevision(site.google, { pool: name, revision });
      return `${percent} % ${revision} ${made?.image}`;
    });
    const shares = (await Promise.all(serving)).join(', ');
    return `worker ${name} ${instances} ${shares} ${await candidate(site, name)}`;
  });
  return Promise.all([...ofJobs, ...ofWorkers]);
}

async function candidate(site: Site, name: string): Promise<string> {
  return (await readJob(site.google, candidateOf(name)))?.content ?? 'none';
}
