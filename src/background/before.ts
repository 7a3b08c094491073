import { z } from 'zod';
import type { Deploy } from '../deploy.ts';
import { putOnce, readObject } from '../gcp/objects.ts';
import { setInstances, readWorkerPool } from '../gcp/worker-pools.ts';
import { readJob, setJobTemplate } from '../gcp/jobs.ts';
import { readScheduling, setScheduling } from '../gcp/scheduler.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';
import { readBackground } from './standing.ts';
import type { JobStanding } from './standing.ts';

const Before = z.object({
  version: z.literal(1),
  jobs: z.record(
    z.string(),
    z.object({
      template: z.record(z.string(), z.unknown()),
      scheduling: z
        .object({ schedule: z.string(), timeZone: z.string(), paused: z.boolean() })
        .nullable(),
    }),
  ),
  workers: z.record(
    z.string(),
    z.object({
      splits: z.array(z.object({ revision: z.string(), percent: z.number() })),
      instances: z.number(),
    }),
  ),
});

type Run = Pick<Deploy, 'runId' | 'unfinished'>;

/** Keeps what jobs and workers run before a run changes it; the first look of a run counts. */
export async function keepBackground(site: Site, run: Run): Promise<void> {
  const ref = refOf(site, run);
  if (await readObject(site.google, ref)) return;
  const now = await readBackground(site);
  if (Object.keys({ ...now.jobs, ...now.workers }).length === 0) return;
  await putOnce(site.google, ref, Buffer.from(JSON.stringify({ version: 1, ...now })));
}

/** Brings back what was kept: templates, schedules, instances; what is gone meanwhile is left out. */
export async function restoreBackground(site: Site, run: Run): Promise<void> {
  const kept = await keptBefore(site, run);
  if (!kept) return;
  const { jobs, workers } = kept;
  await Promise.all([
    ...Object.entries(jobs).map(([name, standing]) => restoreJob(site, name, standing)),
    ...Object.entries(workers).map(async ([name, standing]) => {
      const now = await readWorkerPool(site.google, name);
      const same = now && JSON.stringify(pick(now)) === JSON.stringify(pick(standing));
      if (now && !same) await setInstances(site.google, name, standing);
    }),
  ]);
}

/** The names of the jobs and workers that there were before a run. */
export async function backgroundBefore(site: Site, run: Run): Promise<ReadonlySet<string>> {
  const kept = await keptBefore(site, run);
  return new Set(Object.keys({ ...kept?.jobs, ...kept?.workers }));
}

async function keptBefore(site: Site, run: Run) {
  const ref = refOf(site, run);
  const content = await readObject(site.google, ref);
  const what = 'What jobs and workers ran before the run';
  const where = `gs://${ref.bucket}/${ref.name}`;
  return content && readStored(content, { schema: Before, what, where });
}

async function restoreJob(
  { google }: Site,
  name: string,
  { template, scheduling }: JobStanding,
): Promise<void> {
  const now = await readJob(google, name);
  if (!now) return;
  if (JSON.stringify(now.template) !== JSON.stringify(template))
    await setJobTemplate(google, now, template);
  if (scheduling && (await readScheduling(google, name)))
    await setScheduling(google, name, scheduling);
}

function pick({ splits, instances }: z.infer<typeof Before>['workers'][string] | PoolLike) {
  return { splits: splits.map(({ revision, percent }) => ({ revision, percent })), instances };
}

interface PoolLike {
  readonly splits: readonly { readonly revision: string; readonly percent: number }[];
  readonly instances: number;
}

function refOf(site: Site, { runId, unfinished }: Run) {
  const name = `plans/${unfinished?.runId ?? runId}/background-before.json`;
  return { bucket: site.releaseBucket, name };
}
