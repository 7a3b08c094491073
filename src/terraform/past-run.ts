import { readOutcome, readRecord } from './run-record.ts';
import type { PastRun } from './lock-owner.ts';

/** The runs of these directories that were begun, for `breakOrphanLock`. */
export async function pastRuns(runDirs: readonly string[]): Promise<readonly PastRun[]> {
  const runs: PastRun[] = [];
  for (const runDir of runDirs) {
    const record = await readRecord(runDir);
    if (record) runs.push({ record, outcome: await readOutcome(runDir) });
  }
  return runs;
}
