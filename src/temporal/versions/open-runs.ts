import { hostname } from 'node:os';
import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
} from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { z } from 'zod';
import { taskQueue } from '../connect.ts';
import { versionOf } from './deployment.ts';

/** Where the bundle of a run lies, as whoever started it knows: facts, no secret. */
export const ShelfAddress = z.object({
  target: z.enum(['sandbox', 'cloud']),
  project: z.string(),
  region: z.string(),
  bucket: z.string(),
});
export type ShelfAddress = z.infer<typeof ShelfAddress>;

/** A run of this queue that has not ended. */
export interface OpenRun {
  readonly workflowId: string;
  /** The bundle that it is bound to; undefined until its first task is done. */
  readonly buildId: string | undefined;
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
    codeAt: ShelfAddress.safeParse(memo?.['codeAt']).data,
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
  const served = (pollers ?? []).flatMap(({ deploymentOptions, identity, lastAccessTime }) => {
    const seenMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    const awake = Date.now() - seenMs < awakeMs && !isDeadHere(identity ?? '');
    const ours = deploymentOptions?.deploymentName === versionOf('').deploymentName;
    return awake && ours && deploymentOptions.buildId ? [deploymentOptions.buildId] : [];
  });
  const current = versioningInfo?.currentDeploymentVersion?.buildId ?? undefined;
  return { current, served: new Set(served) };
}

/** A process of this machine that has ended asks no more, whatever the server still lists. */
function isDeadHere(identity: string): boolean {
  const [, pid, host] = /^(\d+)\b.*@([^/ ]+)/.exec(identity) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    return !process.kill(Number(pid), 0);
  } catch {
    return true;
  }
}
