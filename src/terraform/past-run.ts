import { readOutcome, readRecord } from './run-record.ts';
import { pulseOf } from './pulse.ts';
import type { PastRun } from './lock-owner.ts';

/** The runs of these directories that were begun, for `breakOrphanLock`. */
export async function pastRuns(runDirs: readonly string[]): Promise<readonly PastRun[]> {
  const runs: PastRun[] = [];
  for (const runDir of runDirs) {
    const record = await readRecord(runDir);
    const outcome = await readOutcome(runDir);
    if (record) runs.push({ record, outcome, pulse: () => pulseOf(runDir) });
  }
  return runs;
}
