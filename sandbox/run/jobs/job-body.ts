import { createHash } from 'node:crypto';
import type { World } from '../../world.ts';
import { condition } from '../conditions.ts';
import type { Message } from '../read-message.ts';
import { shortName } from '../records.ts';
import { executions, type ExecutionRecord, type JobRecord } from './records.ts';

/** A job as the v2 API shows it. */
export function jobBody(world: World, job: JobRecord): Message {
  const { name, uid, spec, generation, createTime, updateTime, creator, lastModifier } = job;
  const ready = { phase: 'ready', at: updateTime } as const;
  const latest = job.latest === undefined ? undefined : executions(world).get(job.latest);
  return {
    ...{ name, uid, generation: String(generation), ...spec },
    ...{ createTime, updateTime, creator, lastModifier },
    observedGeneration: String(generation),
    terminalCondition: condition('Ready', ready),
    ...(job.executionCount > 0 && { executionCount: job.executionCount }),
    ...(latest && { latestCreatedExecution: referenceTo(latest) }),
    etag: jobEtag(job),
  };
}

/** Changes with every change that a client makes, and with no other. */
export function jobEtag({ uid, generation, updateTime }: JobRecord): string {
  const digest = createHash('sha256').update(`${uid} ${generation} ${updateTime}`).digest();
  return `"${digest.toString('base64url').slice(0, 20)}"`;
}

/** An execution as the v2 API shows it. */
export function executionBody(execution: ExecutionRecord): Message {
  const { name, uid, job, createTime, startTime, completionTime, creator, template } = execution;
  const { running, succeeded, failed, cancelled, retried, taskCount, parallelism } = execution;
  return {
    ...{ name, uid, job: shortName(job), generation: '1', observedGeneration: '1' },
    ...{ createTime, creator, taskCount, parallelism, template, launchStage: 'GA' },
    ...(startTime && { startTime }),
    ...(completionTime && { completionTime }),
    updateTime: completionTime ?? startTime ?? createTime,
    conditions: conditionsOf(execution),
    ...(completionTime === undefined && { reconciling: true }),
    // What proto3 cannot tell from "unset" is left out, as on the wire.
    ...(running > 0 && { runningCount: running }),
    ...(succeeded > 0 && { succeededCount: succeeded }),
    ...(failed > 0 && { failedCount: failed }),
    ...(cancelled > 0 && { cancelledCount: cancelled }),
    ...(retried > 0 && { retriedCount: retried }),
    etag: `"${uid.slice(0, 8)}-${completionTime ?? 'running'}"`,
  };
}

function conditionsOf({ completionTime, createTime, startTime, ...execution }: ExecutionRecord) {
  const { failed, cancelled, message } = execution;
  const at = completionTime ?? startTime ?? createTime;
  const wrong = failed > 0 || cancelled > 0;
  const phase = completionTime === undefined ? 'pending' : wrong ? 'failed' : 'ready';
  const why = message === undefined ? {} : { message };
  const completed = condition('Completed', { phase, at, ...why });
  if (phase !== 'failed') return [completed];
  const executionReason = cancelled > 0 ? 'CANCELLED' : 'NON_ZERO_EXIT_CODE';
  return [{ ...completed, executionReason }];
}

function referenceTo(execution: ExecutionRecord): Message {
  const { name, createTime, completionTime, failed, cancelled } = execution;
  const status =
    completionTime === undefined
      ? 'EXECUTION_RUNNING'
      : cancelled > 0
        ? 'EXECUTION_CANCELLED'
        : failed > 0
          ? 'EXECUTION_FAILED'
          : 'EXECUTION_SUCCEEDED';
  const at = completionTime === undefined ? {} : { completionTime };
  return { name: shortName(name), createTime, ...at, completionStatus: status };
}
