import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
} from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { ShelfAddress } from '../../site-address.ts';
import { taskQueue } from '../connect.ts';
import { isDeadHere } from '../worker-identity.ts';
import { versionOf } from './deployment.ts';
import { shelfAddressIn } from './shelf-address.ts';

/** A run of this queue that has not ended. */
export interface OpenRun {
  readonly workflowId: string;
  /** The bundle that it is bound to; undefined until its first task is done. */
  readonly buildId: string | undefined;
  /** Where that bundle lies, as whoever started the run knows. */
  readonly codeAt: ShelfAddress | undefined;
}

const versionKey = defineSearchAttributeKey(
  'TemporalWorkerDeploymentVersion',
  SearchAttributeType.KEYWORD,
);

/** All runs of this queue that have not ended, as the server's list knows them: within seconds. */
export async function openRuns(client: Client): Promise<readonly OpenRun[]> {
  const query = `ExecutionStatus = "Running" AND TaskQueue = "${taskQueue}"`;
  const found: OpenRun[] = [];
  for await (const info of client.workflow.list({ query })) found.push(openRun(info));
  return found;
}

/** What the server says of the bundle of one run, at this moment. */
export function describedRun(described: WorkflowExecutionDescription): OpenRun {
  const bound = described.raw.workflowExecutionInfo?.versioningInfo;
  const version = bound?.versioningOverride?.pinned?.version ?? bound?.deploymentVersion;
  return { ...openRun(described), ...(version?.buildId && { buildId: version.buildId }) };
}

function openRun({ workflowId, memo, typedSearchAttributes }: Listed): OpenRun {
  return {
    workflowId,
    buildId: typedSearchAttributes.get(versionKey)?.split(':').at(-1),
    codeAt: shelfAddressIn(memo?.['codeAt']),
  };
}

type Listed = Pick<WorkflowExecutionInfo, 'workflowId' | 'memo' | 'typedSearchAttributes'>;

const awakeMs = 90_000; // a worker asks for work at least every 60 to 70 seconds

/** What the queue knows: the bundle of runs that name none, and the bundles that workers serve. */
export async function queueNow(client: Client) {
  const { namespace } = client.options;
  // No type is the type of workflows.
  const asked = { namespace, taskQueue: { name: taskQueue } };
  const { pollers, versioningInfo } =
    await client.connection.workflowService.describeTaskQueue(asked);
  const served = new Set<string>();
  for (const { deploymentOptions, identity, lastAccessTime } of pollers ?? []) {
    const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    const awake = Date.now() - seenMs < awakeMs && !(await isDeadHere(identity));
    const ours = deploymentOptions?.deploymentName === versionOf('').deploymentName;
    if (awake && ours && deploymentOptions.buildId) served.add(deploymentOptions.buildId);
  }
  const current = versioningInfo?.currentDeploymentVersion?.buildId ?? undefined;
  return { current, served };
}
