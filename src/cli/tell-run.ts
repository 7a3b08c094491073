import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import {
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
  isGrpcServiceError,
} from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { messageOf } from '../causes/known-failure.ts';
import { Failure } from '../failure.ts';
import type { Place } from '../endpoints.ts';
import type { Report } from '../report.ts';
import { reachRun } from './reach-run.ts';
import { nothingRuns, runSilent, runStuck } from './run-silent.ts';
import { textsOf } from './texts-of.ts';

/** An operator's word to a run. */
interface Word {
  readonly name: 'approve' | 'undo' | 'stop';
  readonly said: object;
}

const answerMs = 20_000; // a worker that is there takes it within a second

/**
 * Sends an operator's word to the run that holds an environment; a refusal keeps the run's words.
 * `word` gets the run's report, which may say what the word is about, and its id.
 */
export async function tellRun(
  client: Client,
  { place, environment }: { readonly place: Place; readonly environment: string },
  word: (report: Report, runId: string) => Promise<Word>,
): Promise<void> {
  const { handle, runId } = await reachRun(client, place, environment);
  try {
    const report = await inTime(client, () => handle.query<Report>('report'));
    const { name, said } = await word(report, runId);
    const taken = await inTime(client, () => take(handle, name, said));
    await taken.result();
  } catch (cause) {
    throw wordFailed(environment, cause);
  }
}

function inTime<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + answerMs, ask);
}

function take(handle: WorkflowHandle, name: Word['name'], said: object) {
  const waitForStage = WorkflowUpdateStage.ACCEPTED;
  return handle.startUpdate(name, { args: [said], waitForStage, updateId: randomUUID() });
}

function wordFailed(environment: string, error: unknown): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof WorkflowNotFoundError) return nothingRuns(environment);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return runSilent(environment, { cause: error });
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof ApplicationFailure) return refused(cause);
  if (isGrpcServiceError(cause) && silences.has(cause.code))
    return runSilent(environment, { cause: error });
  if (error instanceof ServiceError || isGrpcServiceError(error)) return error;
  return runStuck(environment, messageOf(error).slice(0, 1000), error);
}

const silences: ReadonlySet<status> = new Set([status.CANCELLED, status.DEADLINE_EXCEEDED]);

function refused(cause: ApplicationFailure): Failure {
  const { why, fix } = textsOf(cause, {
    why: cause.message,
    fix: 'See `windlass status -e ENVIRONMENT`.',
  });
  return new Failure({
    code: cause.type ?? 'REFUSED',
    what: 'The run rejected it; nothing was changed',
    ...{ why, fix, cause },
  });
}
