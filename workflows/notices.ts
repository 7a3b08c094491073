import {
  CancellationScope,
  ParentClosePolicy,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { Notice } from '../src/notice.ts';
import type { SiteAddress } from '../src/site-address.ts';
import { quick } from './activities.ts';

/**
 * Has the webhook told, by a workflow of its own: a receiver that does not answer must neither
 * change how a run ends nor keep its environment held meanwhile.
 */
export async function tell(notice: Notice, { address }: Pick<Deploy, 'address'>): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    startChild(deliver, {
      workflowId: `notice/${notice.environment}/${uuid4()}`,
      args: address ? [notice, address] : [notice],
      memo: workflowInfo().memo ?? {}, // it says where the code of this run lies
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${notice.kind} ${notice.outcome} in ${notice.environment}`,
    }),
  ).catch(() => undefined);
}

/** Tells the webhook, several times if need be; fails where it was never taken. */
export async function deliver(notice: Notice, address?: SiteAddress): Promise<void> {
  const { environment, runId } = notice;
  await quick.notify({ environment, runId, ...(address && { address }), notice });
}
