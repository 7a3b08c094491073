import { join } from 'node:path';
import { readOutcome, readRecord } from '../terraform/run-record.ts';

/** What a piece of work may already have tried on this machine. */
export interface RunFolder {
  /** The folder to use now: of the run that still goes on, else a fresh one. */
  readonly folder: string;
  /** Runs of the same work that were begun and have ended or were lost. */
  readonly earlier: number;
}

/** Chooses the run folder of a terraform command, so that a later attempt adopts a running one. */
export async function runFolder(runs: string, command: string): Promise<RunFolder> {
  for (let earlier = 0; ; earlier += 1) {
    const folder = join(runs, `${command}-${earlier + 1}`);
    if (!(await readRecord(folder))) return { folder, earlier };
    const outcome = await readOutcome(folder);
    if (!outcome) return { folder, earlier };
  }
}
