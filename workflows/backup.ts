import { workflowInfo } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import { process } from './activities.ts';
import { measureDone } from './measures.ts';

export interface BackupRequest {
  readonly environment: string;
  readonly actor: string;
}

/** What a backup made and let go. */
export interface BackupReport {
  readonly backup: Deploy['backup'];
  readonly pruned: readonly string[];
}

/** A backup beside the deploys' own: made, proven by a trial restore, then the rule applied. */
export async function backup({ environment, actor }: BackupRequest): Promise<BackupReport> {
  const { runId } = workflowInfo();
  const asked: Deploy = { environment, actor, runId, approval: 'auto' };
  const { backup: made } = await process.backUp(asked);
  measureDone('backup', environment);
  return { backup: made, pruned: await process.pruneBackups(asked) };
}
