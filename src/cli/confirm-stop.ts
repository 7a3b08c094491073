import type { WorkflowExecutionDescription } from '@temporalio/client';
import { confirm } from './confirm.ts';
import { memoText } from './memo.ts';
import { actor } from './options.ts';
import { spanOf, stampOf } from './output/clock.ts';
import { say } from './output/say.ts';

type Running = Pick<WorkflowExecutionDescription, 'type' | 'startTime' | 'memo'>;

/** Asks before a run is stopped that somebody else has started; one's own is stopped unasked. */
export async function confirmStop(
  environment: string,
  { type, startTime, memo }: Running,
  yes: boolean,
): Promise<void> {
  const owner = memoText(memo, 'actor', 'someone');
  if (owner === actor()) return;
  const release = memoText(memo, 'release', 'an unknown release');
  const age = spanOf(Date.now() - startTime.getTime());
  say(`${owner} started a ${type} of ${release} at ${stampOf(startTime)} (${age} ago).`);
  say(`This command stops it and rolls it back.`);
  await confirm(environment, yes);
}
