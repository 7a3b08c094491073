import { workflowInfo } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import { process } from './activities.ts';
import { askedOf, told, whenQuiet } from './beside.ts';
import type { BesideRequest } from './beside.ts';
import { measureDone } from './measures.ts';

/** What a backup made and let go. */
export interface BackupReport {
  readonly backup: Deploy['backup'];
  /** What it does not bring back, a line each. */
  readonly leftOut?: readonly string[];
  readonly pruned: readonly string[];
}

/**
 * A backup beside the deploys' own, while none of them changes anything: made, proven by a trial
 * restore, then the rule applied.
 */
export async function backup(request: BesideRequest): Promise<BackupReport> {
  const { environment, patienceSeconds } = request;
  const asked = askedOf(request, workflowInfo().runId);
  return told('backup', asked, async () => {
    await whenQuiet(asked, patienceSeconds);
    const { backup: made, leftOut = [] } = await process.backUp(asked);
    measureDone('backup', environment);
    return { backup: made, leftOut, pruned: await process.pruneBackups(asked) };
  });
}
