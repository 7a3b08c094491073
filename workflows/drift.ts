import { workflowInfo } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { DriftFinding } from '../src/drift-finding.ts';
import { process } from './activities.ts';
import type { BackupRequest } from './backup.ts';

/** Looks for differences between an environment and its release; the findings, none = as released. */
export async function drift(request: BackupRequest): Promise<readonly DriftFinding[]> {
  const asked: Deploy = { ...request, runId: workflowInfo().runId, approval: 'auto' };
  return process.checkDrift(asked);
}
