import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Report } from '../report.ts';

/** What a run says of itself, open or closed; undefined where nothing can be had. */
export async function reportOf(
  client: Client,
  handle: WorkflowHandle,
  open: boolean,
): Promise<Report | undefined> {
  return open ? askReport(client, handle) : lastReport(handle);
}

const askMs = 5000; // a worker that is there answers within milliseconds

/** What an open run says of itself; undefined while no worker answers. */
export async function askReport(
  client: Client,
  handle: WorkflowHandle,
): Promise<Report | undefined> {
  try {
    return await client.withDeadline(Date.now() + askMs, () => handle.query<Report>('report'));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowFailedError) throw error;
    return undefined; // no worker at this moment: it comes back, or the run ends by itself
  }
}

/**
 * The report that a closed run ended with. It stands in its history: no code is needed to read it.
 * A terminated or cancelled run left none there.
 */
export async function lastReport(handle: WorkflowHandle): Promise<Report | undefined> {
  try {
    return reportIn(await handle.result());
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    return cause instanceof ApplicationFailure ? reportIn(cause.details?.[0]) : undefined;
  }
}

function reportIn(value: unknown): Report | undefined {
  return isReport(value) ? value : undefined;
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'steps' in value;
}
