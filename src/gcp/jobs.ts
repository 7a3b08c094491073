import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { listGoogle } from './list.ts';
import { finishRun, Operation } from './operation.ts';
import { unlessMissing } from './refusal.ts';
import { revisionContent } from './revision-content.ts';
import { secretMounts, shortName } from './run-service.ts';
import type { SecretMount } from './run-service.ts';

/** A Cloud Run job as the API reports it. */
export interface RunJob {
  readonly name: string;
  readonly etag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly mounts: readonly SecretMount[];
  /** What it runs, as the API holds it: what another job can be given. */
  readonly template: Readonly<Record<string, unknown>>;
  /** All that it runs with; equal where two jobs run the same. */
  readonly content: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** A job by its short name; undefined where there is none. */
export async function readJob(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<RunJob | undefined> {
  const call = { action: `read job ${name}`, url: jobUrl(access, name), answer: Job };
  return unlessMissing(callGoogle(access, call, waiting));
}

/** All jobs of the region, by name. */
export async function readJobs(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<readonly RunJob[]> {
  const url = placeUrl(access);
  const listing = { action: 'list the jobs', url, of: 'jobs', read: runJob };
  const all = await listGoogle(access, listing, waiting);
  return [...all].sort((a, b) => a.name.localeCompare(b.name));
}

/** Gives a job another template; what it runs already goes on with the one that it began with. */
export async function setJobTemplate(
  access: GoogleAccess,
  { name, etag, message }: Pick<RunJob, 'name' | 'etag' | 'message'>,
  template: RunJob['template'],
  waiting: Waiting = {},
): Promise<void> {
  const deed = { action: `set what job ${name} runs`, mutating: true };
  // A PATCH of jobs knows no mask: what is not ours goes back as it was read.
  const body = { ...ofClients(message), template, etag };
  const call = { ...deed, method: 'PATCH', url: jobUrl(access, name), body } as const;
  const begun = await callGoogle(access, { ...call, answer: Operation }, waiting);
  await finishRun(access, begun, deed, waiting);
}

/** The address of a job in API v2. */
export function jobUrl(access: GoogleAccess, name: string): string {
  return `${placeUrl(access)}/${name}`;
}

function placeUrl({ endpoints, project, region }: GoogleAccess): string {
  return `${endpoints.run}/v2/projects/${project}/locations/${region}/jobs`;
}

const clientFields = new Set(['labels', 'annotations', 'client', 'clientVersion', 'launchStage']);

function ofClients(message: RunJob['message']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(message).filter(([name]) => clientFields.has(name)));
}

const text = z.string().default('');
const Message = z.looseObject({
  ...{ name: z.string(), etag: text },
  labels: z.record(z.string(), z.string()).default({}),
  template: z.looseObject({
    template: z.looseObject({ containers: z.array(z.looseObject({ image: text })).default([]) }),
  }),
});

function runJob(message: unknown): RunJob {
  const { name, etag, labels, template, ...rest } = Message.parse(message);
  const task = template.template;
  return {
    ...{ name: shortName(name), etag, labels, template },
    image: task.containers[0]?.image ?? '',
    mounts: secretMounts(task),
    content: `${revisionContent(task)} ${String(task['maxRetries'])}`,
    message: { ...rest, labels },
  };
}

const Job = z.unknown().transform(runJob);
