import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { notFound } from '../../google/http.ts';
import { partsOf, shortName } from '../records.ts';

const Message = z.record(z.string(), z.unknown());

/** What a Cloud Run job is, apart from its policy; times are RFC 3339. */
export const JobRecord = z.object({
  name: z.string(),
  uid: z.string(),
  generation: z.number().int(),
  createTime: z.string(),
  updateTime: z.string(),
  creator: z.string(),
  lastModifier: z.string(),
  /** The fields that clients own, defaults filled in; `template` among them. */
  spec: Message,
  executionCount: z.number().int(),
  latest: z.string().optional(),
  /** What the sandbox was told to break in its executions. */
  fault: z.enum(['crash']).optional(),
});
export type JobRecord = z.infer<typeof JobRecord>;

/** One execution of a job: the template that it was started with, and how far it is. */
export const ExecutionRecord = z.object({
  name: z.string(),
  job: z.string(),
  uid: z.string(),
  createTime: z.string(),
  startTime: z.string().optional(),
  completionTime: z.string().optional(),
  creator: z.string(),
  /** The task's template with the overrides of the call. */
  template: Message,
  taskCount: z.number().int(),
  parallelism: z.number().int(),
  running: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  retried: z.number().int(),
  /** The server that runs it: with another one it died. */
  session: z.string(),
  message: z.string().optional(),
  fault: z.enum(['crash']).optional(),
});
export type ExecutionRecord = z.infer<typeof ExecutionRecord>;

/** Every job, by relative name. */
export const jobs = (world: World): Collection<JobRecord> =>
  world.collection('run-jobs', JobRecord);

/** Every execution, by relative name. */
export const executions = (world: World): Collection<ExecutionRecord> =>
  world.collection('run-executions', ExecutionRecord);

/** The job of that relative name, or NOT_FOUND. */
export function jobNamed(world: World, name: string): JobRecord {
  const found = jobs(world).get(name);
  if (found !== undefined) return found;
  const { project, location } = partsOf(name);
  throw notFound(
    `Resource '${shortName(name)}' of kind 'JOB' in region '${location}' in project '${project}' does not exist.`,
  );
}

/** The execution of that relative name, or NOT_FOUND. */
export function executionNamed(world: World, name: string): ExecutionRecord {
  const found = executions(world).get(name);
  if (found !== undefined) return found;
  throw notFound(`Resource '${shortName(name)}' of kind 'EXECUTION' does not exist.`);
}

/** The executions of one job, newest first. */
export function executionsOf(world: World, job: string): readonly ExecutionRecord[] {
  return executions(world)
    .list()
    .map(([, execution]) => execution)
    .filter((execution) => execution.job === job)
    .sort((a, b) => b.createTime.localeCompare(a.createTime));
}

/** Changes a stored execution; one that was deleted meanwhile stays gone. */
export function changeExecution(
  world: World,
  name: string,
  change: Partial<ExecutionRecord>,
): void {
  const before = executions(world).get(name);
  if (before !== undefined) executions(world).set(name, { ...before, ...change });
}
