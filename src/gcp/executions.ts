import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { jobUrl } from './jobs.ts';
import { Operation } from './operation.ts';
import { shortName } from './run-service.ts';

/** How far an execution of a job is. */
export interface Execution {
  readonly name: string;
  readonly ended: boolean;
  readonly running: number;
  readonly failed: number;
  /** Why it failed, in Google's words; empty where it did not. */
  readonly reason: string;
}

/** Starts one execution with variables of its own; gives its short name. */
export async function runJob(
  access: GoogleAccess,
  job: string,
  variables: Readonly<Record<string, string>>,
  waiting: Waiting = {},
): Promise<string> {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const deed = { action: `run job ${job}`, mutating: true, method: 'POST' } as const;
  const url = `${jobUrl(access, job)}:run`;
  const body = { overrides: { containerOverrides: [{ env }] } };
  const begun = await callGoogle(access, { ...deed, url, body, answer: Begun }, waiting);
  return shortName(begun.metadata.name);
}

/** An execution as it is now. */
export async function readExecution(
  access: GoogleAccess,
  { job, execution }: { readonly job: string; readonly execution: string },
  waiting: Waiting = {},
): Promise<Execution> {
  const url = `${jobUrl(access, job)}/executions/${execution}`;
  const action = `read execution ${execution}`;
  return callGoogle(access, { action, url, answer: Seen }, waiting);
}

/** Waits until an execution has ended or `enough` says that it has been seen long enough. */
export async function awaitExecution(
  access: GoogleAccess,
  which: { readonly job: string; readonly execution: string },
  enough: (now: Execution) => boolean,
  waiting: Waiting = {},
): Promise<Execution> {
  for (;;) {
    const now = await readExecution(access, which, waiting);
    if (now.ended || enough(now)) return now;
    await pause(everyMs, undefined, waiting.signal ? { signal: waiting.signal } : {});
  }
}

/** Ends an execution. */
export async function cancelExecution(
  access: GoogleAccess,
  { job, execution }: { readonly job: string; readonly execution: string },
  waiting: Waiting = {},
): Promise<void> {
  const url = `${jobUrl(access, job)}/executions/${execution}:cancel`;
  const call = { action: `cancel execution ${execution}`, mutating: true, method: 'POST' } as const;
  await callGoogle(access, { ...call, url, body: {}, answer: Operation }, waiting);
}

const everyMs = 500; // between two looks

const Begun = z.object({ metadata: z.object({ name: z.string() }) });
const count = z.number().default(0);
const Condition = z.object({
  type: z.string().default(''),
  message: z.string().default(''),
});

const Seen = z
  .object({
    ...{ name: z.string(), completionTime: z.string().nullish() },
    ...{ runningCount: count, failedCount: count, cancelledCount: count },
    conditions: z.array(Condition).default([]),
  })
  .transform(({ name, completionTime, runningCount, conditions, ...counts }): Execution => {
    const failed = counts.failedCount + counts.cancelledCount;
    const said = conditions.find(({ type }) => type === 'Completed')?.message ?? '';
    return {
      ...{ name: shortName(name), ended: Boolean(completionTime), running: runningCount, failed },
      reason: failed === 0 ? '' : said,
    };
  });
