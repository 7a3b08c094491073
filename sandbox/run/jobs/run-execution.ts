import { setTimeout as sleep } from 'node:timers/promises';
import { held } from '../../../src/held.ts';
import type { World } from '../../world.ts';
import { type ContainerHost, startContainer } from '../container.ts';
import { writeLog } from '../logs.ts';
import { type RevisionRecord, shortName } from '../records.ts';
import { removeSecretFolder } from '../secret-folder.ts';
import { taskOf } from './job-template.ts';
import { changeExecution, type ExecutionRecord, executions } from './records.ts';

/** The executions that this server runs. */
export interface Executions {
  start(execution: ExecutionRecord): Promise<void>;
  /** Ends an execution's tasks; they count as cancelled. */
  cancel(name: string): Promise<void>;
  close(): Promise<void>;
}

interface Run {
  readonly ends: AbortController;
  readonly done: Promise<void>;
}

/** Runs executions to their end; those that a dead server left count as failed. */
export function openExecutions(host: ContainerHost): Executions {
  const { world } = host;
  const runs = new Map<string, Run>();
  failStale(world);
  const end = async (name: string): Promise<void> => {
    const run = runs.get(name);
    run?.ends.abort();
    await run?.done;
  };
  return {
    start(execution) {
      const ends = new AbortController();
      const done = held(
        runAll(host, execution, ends.signal).finally(() => runs.delete(execution.name)),
      );
      runs.set(execution.name, { ends, done });
      return done;
    },
    cancel: end,
    close: async () => void (await Promise.all([...runs.keys()].map(end))),
  };
}

type TaskEnd = 'succeeded' | 'failed' | 'cancelled';

async function runAll(
  host: ContainerHost,
  execution: ExecutionRecord,
  signal: AbortSignal,
): Promise<void> {
  const { world } = host;
  const { name, taskCount, parallelism } = execution;
  const queue = Array.from({ length: taskCount }, (_, index) => index);
  const ended: Record<TaskEnd, number> = { succeeded: 0, failed: 0, cancelled: 0 };
  let running = 0;
  changeExecution(world, name, { startTime: world.now().toISOString() });
  const lane = async (): Promise<void> => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      changeExecution(world, name, { running: (running += 1) });
      ended[await runTask(host, execution, index, signal)] += 1;
      changeExecution(world, name, { running: (running -= 1), ...ended });
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelism, taskCount) }, lane));
  changeExecution(world, name, {
    ...ended,
    running: 0,
    completionTime: world.now().toISOString(),
    ...messageOf(name, ended),
  });
}

/** One task: tried again as often as the job says, as long as it does not succeed. */
async function runTask(
  host: ContainerHost,
  execution: ExecutionRecord,
  index: number,
  signal: AbortSignal,
): Promise<TaskEnd> {
  const { retries, timeoutMs } = taskOf(execution.template);
  for (let attempt = 0; attempt <= retries; attempt += 1) {
    if (signal.aborted) return 'cancelled';
    if (attempt > 0) countRetry(host.world, execution.name);
    const how = await runAttempt(host, attemptOf(execution, { index, attempt }), {
      ...{ timeoutMs, signal },
    });
    if (how === 'exit(0)') return 'succeeded';
    if (signal.aborted) return 'cancelled';
  }
  return 'failed';
}

async function runAttempt(
  host: ContainerHost,
  revision: RevisionRecord,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string> {
  try {
    const { process } = await startContainer(host, revision);
    const over = new AbortController();
    const cut = AbortSignal.any([over.signal, signal]); // it may be so already
    const late = held(
      sleep(timeoutMs, undefined, { signal: cut, ref: false })
        .catch(() => undefined)
        .then(() => (over.signal.aborted ? undefined : process.stop())),
    );
    const how = await process.exited;
    over.abort();
    await late;
    if (how !== 'exit(0)') say(host.world, revision, `Container called ${how}.`);
    return how;
  } catch (error) {
    say(host.world, revision, error instanceof Error ? error.message : String(error));
    return 'not started';
  } finally {
    removeSecretFolder(host.world, revision);
  }
}

/** A task's try in the form in which containers are started. */
function attemptOf(
  execution: ExecutionRecord,
  { index, attempt }: { readonly index: number; readonly attempt: number },
): RevisionRecord {
  const { name, job, uid, createTime, creator, template, taskCount, fault } = execution;
  return {
    ...{ name: `${name}-task${index}-try${attempt}`, service: job, uid, creator, template },
    ...{ generation: 1, createTime, updateTime: createTime, labels: {} },
    state: { phase: 'pending', at: createTime },
    ...(fault && { fault }),
    variables: {
      CLOUD_RUN_JOB: shortName(job),
      CLOUD_RUN_EXECUTION: shortName(name),
      CLOUD_RUN_TASK_INDEX: String(index),
      CLOUD_RUN_TASK_ATTEMPT: String(attempt),
      CLOUD_RUN_TASK_COUNT: String(taskCount),
    },
  };
}

function say(world: World, revision: RevisionRecord, text: string): void {
  writeLog(world, revision, 'varlog/system', { text, severity: 'ERROR' });
}

function countRetry(world: World, name: string): void {
  changeExecution(world, name, { retried: (executions(world).get(name)?.retried ?? 0) + 1 });
}

function messageOf(name: string, { failed, cancelled }: Record<TaskEnd, number>) {
  if (cancelled > 0) return { message: `Execution ${shortName(name)} was cancelled.` };
  if (failed === 0) return {};
  const message = `Execution ${shortName(name)} has failed to complete, ${failed} tasks failed: the container exited with an error.`;
  return { message };
}

function failStale(world: World): void {
  for (const [name, { completionTime, session, taskCount, succeeded }] of executions(world).list())
    if (completionTime === undefined && session !== world.session)
      changeExecution(world, name, {
        running: 0,
        failed: taskCount - succeeded,
        completionTime: world.now().toISOString(),
        message: `Execution ${shortName(name)} ended with the server that ran it.`,
      });
}
