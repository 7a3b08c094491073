import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { releaseKey } from '../../../workflows/search-attributes.ts';
import type { Report } from '../../report.ts';
import { memoText } from '../memo.ts';
import { reportOf } from '../report-of.ts';
import { workflowIdOf } from '../workflow-id.ts';

/** A run as Temporal knows it. */
export interface SeenRun {
  readonly runId: string;
  readonly kind: string;
  readonly actor: string;
  /** What the server calls its state: running, completed, failed, terminated, … */
  readonly state: string;
  readonly release: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** What it says of itself; absent where that was not asked for or cannot be had. */
  readonly report?: Report;
}

interface Asked {
  readonly environment: string;
  /** No more than this many, the newest. */
  readonly most: number;
  /** Runs that the ledger tells of: nothing more is asked about them. */
  readonly recorded: ReadonlySet<string>;
}

/** The newest runs of an environment that this Temporal remembers. */
export async function seenRuns(client: Client, asked: Asked): Promise<readonly SeenRun[]> {
  const query = `WorkflowId = "${workflowIdOf(asked.environment)}"`;
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query, pageSize: asked.most })) {
    found.push(info);
    if (found.length === asked.most) break;
  }
  return Promise.all(found.map((info) => seen(client, info, !asked.recorded.has(info.runId))));
}

async function seen(client: Client, info: WorkflowExecutionInfo, ask: boolean): Promise<SeenRun> {
  const { workflowId, runId, type, memo, status, startTime, closeTime } = info;
  const handle = client.workflow.getHandle(workflowId, runId);
  const open = status.name === 'RUNNING';
  const report = ask ? await reportOf(client, handle, open) : undefined;
  return {
    runId,
    kind: type,
    actor: memoText(memo, 'actor', 'someone'),
    state: status.name.toLowerCase().replaceAll('_', '-'),
    release: info.typedSearchAttributes.get(releaseKey) ?? null,
    startedAt: startTime.toISOString(),
    endedAt: closeTime?.toISOString() ?? null,
    ...(report && { report }),
  };
}
