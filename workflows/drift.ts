import { workflowInfo } from '@temporalio/workflow';
import type { DriftFinding } from '../src/drift-finding.ts';
import { process } from './activities.ts';
import { askedOf, told, whenQuiet } from './beside.ts';
import type { BesideRequest } from './beside.ts';
import { tellBudget } from './budget.ts';
import { measureDone, measureDrift } from './measures.ts';
import { tell } from './notices.ts';

/** Looks for differences between an environment and its release; the findings, none = as released. */
export async function drift(request: BesideRequest): Promise<readonly DriftFinding[]> {
  const { environment, patienceSeconds } = request;
  const { runId } = workflowInfo();
  const asked = askedOf(request, runId);
  const findings = await told('drift', asked, async () => {
    await whenQuiet(asked, patienceSeconds);
    return process.checkDrift(asked);
  });
  measureDone('drift', environment);
  measureDrift(environment, findings.length);
  const lines = findings.map(({ what, next }) => `${what}; the next deploy ${next}`);
  if (lines.length > 0)
    await tell({ kind: 'drift', environment, outcome: 'found', lines, runId }, asked);
  const overdue = await process.overdueDrill(asked);
  if (overdue !== null)
    await tell({ kind: 'drill', environment, outcome: 'overdue', lines: [overdue], runId }, asked);
  await tellBudget(asked);
  return findings;
}
