import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { bundleOf } from '../../src/temporal/versions/bundle.ts';
import { bundleFile } from './workflow-bundle.ts';

let installed = false;
const mostOfAKind = 6; // runs of one workflow that ended in one way

/**
 * Replays every run of a rig's queue that today's code carried out: what cannot be replayed could not
 * have gone on after a restart. With `WINDLASS_HISTORIES` (a folder) it keeps them for the corpus.
 */
export async function replayRuns(env: Readonly<Record<string, string>>): Promise<void> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace = 'default' } = env;
  const taskQueue = env['WINDLASS_TASK_QUEUE'];
  if (address === undefined || taskQueue === undefined) return; // a world: the corpus has its runs
  const { buildId, code } = bundleOf(await readFile(bundleFile(), 'utf8'));
  if (!installed) Runtime.install({ logger: new DefaultLogger('ERROR') });
  installed = true;
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const runs = runsOf(client, { query: `TaskQueue = "${taskQueue}"`, buildId });
    // One worker for all of them: each would compile the bundle again.
    const options = { workflowBundle: { code } };
    for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, runs))
      if (error) throw new Error(`${workflowId} ${runId} cannot be replayed`, { cause: error });
  } finally {
    await connection.close();
  }
}

/** Each with its history, as it is asked for; kept on the way. */
async function* runsOf(
  client: Client,
  { query, buildId }: { readonly query: string; readonly buildId: string },
) {
  for await (const info of client.workflow.list({ query })) {
    if (!carriedOutBy(info, buildId)) continue;
    const { workflowId, runId } = info;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await keep(info, historyToJSON(history));
    yield { workflowId, history };
  }
}

function carriedOutBy({ searchAttributes }: WorkflowExecutionInfo, buildId: string): boolean {
  const used = searchAttributes['TemporalWorkerDeploymentVersion'] ?? [];
  return used.some((version) => String(version).endsWith(`:${buildId}`));
}

async function keep({ type, status, runId }: WorkflowExecutionInfo, json: string): Promise<void> {
  const folder = process.env['WINDLASS_HISTORIES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const kind = `${type}-${status.name.toLowerCase()}`;
  const kept = (await readdir(folder)).filter((name) => name.startsWith(`${kind}-`));
  if (kept.length >= mostOfAKind) return;
  const file = join(folder, `${kind}-${runId.slice(-8)}.json.zst`);
  await writeFile(file, zstdCompressSync(json));
}
