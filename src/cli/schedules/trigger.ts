import type { Client, ScheduleDescription } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../failure.ts';
import { ownWords } from '../beside-run.ts';
import { resultOf } from '../result-of.ts';
import { findSchedule } from '../../temporal/keep-schedule.ts';

const betweenLooksMs = 200;
const patienceMs = 15_000;

/** Starts what the schedule would start, waits for its end and answers its result. */
export async function triggerSchedule(client: Client, scheduleId: string): Promise<unknown> {
  const before = await scheduled(client, scheduleId);
  const [running] = before.info.runningActions;
  if (running) throw stillRuns(scheduleId, running.workflow.workflowId);
  // Said once more: a run that is triggered overlaps where nothing is said.
  await client.schedule.getHandle(scheduleId).trigger('SKIP');
  const started = await newAction(client, scheduleId, before);
  try {
    const { workflowId, firstExecutionRunId: runId } = started;
    return await resultOf(client, { workflowId, runId });
  } catch (error) {
    throw ownWords(error);
  }
}

async function scheduled(client: Client, scheduleId: string): Promise<ScheduleDescription> {
  const found = await findSchedule(client, scheduleId);
  if (found) return found;
  const [kind, environment] = scheduleId.split('/');
  throw new Failure({
    code: 'SCHEDULE_OFF',
    what: `There is no schedule ${scheduleId}`,
    why: 'it was not created, or it was deleted, or Temporal lost its database',
    fix: `Create it: \`windlass schedule ${kind} -e ${environment}\`.`,
  });
}

/** The run that came since; Temporal starts it a moment after it took the request. */
async function newAction(client: Client, scheduleId: string, before: ScheduleDescription) {
  const known = new Set(actionsOf(before).map(({ firstExecutionRunId }) => firstExecutionRunId));
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(betweenLooksMs)) {
    const now = actionsOf(await scheduled(client, scheduleId));
    const fresh = now.findLast(({ firstExecutionRunId }) => !known.has(firstExecutionRunId));
    if (fresh) return fresh;
  }
  throw new Failure({
    code: 'SCHEDULE_SILENT',
    what: `${scheduleId} was triggered and started nothing`,
    why: 'Temporal skips what would overlap with a run of the same schedule',
    fix: 'Check the schedule in the Temporal UI.',
  });
}

function actionsOf({ info }: ScheduleDescription) {
  return info.recentActions.map(({ action }) => action.workflow);
}

function stillRuns(scheduleId: string, workflowId: string): Failure {
  return new Failure({
    code: 'SCHEDULE_RUNS',
    what: `A run of ${scheduleId} is still going on`,
    why: `${workflowId} has not ended, and two of them never overlap`,
    fix: 'Wait for its end, or cancel it in the Temporal UI.',
  });
}
