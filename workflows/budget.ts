import { isCancellation } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import { aside } from './activities.ts';
import { told } from './beside.ts';
import { measureBudget } from './measures.ts';
import { tell } from './notices.ts';

/** Has the webhook told what the budget newly says; a failure is told as well and hinders nothing. */
export async function tellBudget(asked: Deploy): Promise<void> {
  await told('budget', asked, () => tellNews(asked)).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
  });
}

/** Told first, written down after, acknowledged last: a crash repeats a notice and loses none. */
async function tellNews(asked: Deploy): Promise<void> {
  const { environment, runId } = asked;
  const heard = await aside.hearBudget(asked);
  if (heard === null) return;
  const { lines, share, told: written, ackIds } = heard;
  if (share !== null) measureBudget(environment, share);
  if (lines.length > 0)
    await tell({ kind: 'budget', environment, outcome: 'warns', lines, runId }, asked);
  await aside.settleBudget({ ...asked, told: written, ackIds });
}
