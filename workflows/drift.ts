import { workflowInfo } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { DriftFinding } from '../src/drift-finding.ts';
import { process } from './activities.ts';
import type { BackupRequest } from './backup.ts';
import { measureDone, measureDrift } from './measures.ts';
import { tell } from './notices.ts';

/** Looks for differences between an environment and its release; the findings, none = as released. */
export async function drift(request: BackupRequest): Promise<readonly DriftFinding[]> {
  const { environment } = request;
  const { runId } = workflowInfo();
  const asked: Deploy = { ...request, runId, approval: 'auto' };
  const findings = await process.checkDrift(asked);
  measureDone('drift', environment);
  measureDrift(environment, findings.length);
  const lines = findings.map(({ what, next }) => `${what}; the next deploy ${next}`);
  if (lines.length > 0) await tell({ kind: 'drift', environment, outcome: 'found', lines, runId });
  const overdue = await process.overdueDrill(asked);
  if (overdue !== null)
    await tell({ kind: 'drill', environment, outcome: 'overdue', lines: [overdue], runId });
  return findings;
}
