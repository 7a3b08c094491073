import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Failure } from '../failure.ts';
import { workflowIdOf } from './start-run.ts';
import { textsOf } from './texts-of.ts';

/** Sends an operator's word to the run that holds an environment; a refusal keeps the run's words. */
export async function tellRun(
  client: Client,
  environment: string,
  update: { readonly name: 'approve' | 'undo' | 'stop'; readonly said: object },
): Promise<void> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(environment));
    await handle.executeUpdate(update.name, { args: [update.said] });
  } catch (cause) {
    if (cause instanceof WorkflowNotFoundError) throw nothingRuns(environment);
    throw refused(cause);
  }
}

function refused(error: unknown): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return error;
  const { why, fix } = textsOf(cause, { why: cause.message, fix: 'See the status.' });
  return new Failure({
    code: cause.type ?? 'REFUSED',
    what: 'The run refused it; nothing was touched',
    ...{ why, fix, cause },
  });
}

/** No run is there to be told anything. */
export function nothingRuns(environment: string): Failure {
  return new Failure({
    code: 'NOTHING_RUNS',
    what: `No run of ${environment} waits for anything`,
    why: 'its newest run has ended, or there never was one',
    fix: `Look at \`make ${environment}-status\`.`,
  });
}
