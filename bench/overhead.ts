import { ensureWorker, stopWorker } from '../src/cli/worker-process.ts';
import { connectClient, temporalPlace } from '../src/temporal/connect.ts';
import { memoryOf } from './memory.ts';
import type { Project } from './project.ts';

/** What the orchestration itself takes, beside the work that it orders. */
export interface Overhead {
  /** Of the newest run of production. */
  readonly events: number;
  readonly historyBytes: number;
  /** Of a worker that is started anew, until it takes work. */
  readonly workerSeconds: number;
  /** PSS of that worker while it waits. */
  readonly workerMib: number;
}

/** Measures it on a project that was deployed; its worker is another one afterwards. */
export async function overheadOf({ root, home }: Project): Promise<Overhead> {
  const client = await connectClient(await temporalPlace(home));
  const run = await client.workflow.getHandle('environment/production').describe();
  await client.connection.close();
  const place = { root, home };
  await stopWorker(place);
  const begun = performance.now();
  await ensureWorker(place);
  const workerSeconds = (performance.now() - begun) / 1000;
  const { worker = 0 } = await memoryOf(home);
  const { historyLength: events, historySize: historyBytes = 0 } = run;
  return { events, historyBytes, workerSeconds, workerMib: worker };
}
