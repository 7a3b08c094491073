import { isAlive } from './process-identity.ts';
import { readOutcome, readRecord } from './run-record.ts';

/** How a run stands; `lost` means that its processes are gone and left no outcome. */
export type RunState = 'none' | 'running' | 'ended' | 'lost';

/** How the run of this directory stands. A lost one is never begun again: reconcile, then use another. */
export async function runState(runDir: string): Promise<RunState> {
  const record = await readRecord(runDir);
  if (record === undefined) return 'none';
  // Asked before the outcome is looked for: what dies in between has written it by then.
  const alive = (await isAlive(record.supervisor)) || (await isAlive(record.terraform));
  if ((await readOutcome(runDir)) !== undefined) return 'ended';
  return alive ? 'running' : 'lost';
}
