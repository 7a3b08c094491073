import { CancellationScope } from '@temporalio/workflow';
import type { Notice } from '../src/notice.ts';
import { quick } from './activities.ts';

/** Tells the webhook; a notice that cannot be sent must never change how a run ends. */
export async function tell(notice: Notice): Promise<void> {
  const { environment, runId } = notice;
  await CancellationScope.nonCancellable(() =>
    quick.notify({ environment, runId, notice }).catch(() => undefined),
  );
}
