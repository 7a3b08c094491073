import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { Deploy, DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { Row } from '../src/step.ts';
import { process, slow } from './activities.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';
import { explain } from './explain.ts';

/** What is destroyed does not come back by an undo, only by a recovery from the backup. */
const forward = {
  none: 'forward only: destroying again continues from here',
  changes: true,
} as const;

/**
 * What a destruction does. Nobody writes any more when the last backup is made; the states go last,
 * for they prove what belongs to the environment.
 */
export function destroyTable(
  waitForApproval: (d: Deploy) => Promise<Partial<Deploy>>,
): readonly Row<Deploy>[] {
  return [
    {
      id: 'plan',
      title: 'List what will be destroyed',
      run: (d) => process.planDestruction(d),
      undo: { none: 'nothing changed' },
    },
    {
      id: 'approve',
      title: 'Approve the destruction',
      run: waitForApproval,
      undo: { none: 'nothing changed' },
    },
    ...approved,
  ];
}

const approved: readonly Row<Deploy>[] = [
  {
    id: 'schedules',
    title: 'Delete schedules and drill leftovers',
    run: (d) => process.endSchedules(d),
    undo: forward,
    pivot: 'once begun',
  },
  {
    id: 'services',
    title: 'Delete the services',
    run: (d) => process.endServices(d),
    undo: forward,
  },
  {
    id: 'backup',
    title: 'Take the last backup',
    skip: (d) => (d.destroy?.withoutBackup ? 'without a backup, as asked' : undefined),
    run: (d) => process.backUp(d),
    undo: { none: 'backup kept' },
  },
  {
    id: 'supabase',
    title: 'Delete the Supabase project',
    run: (d) => slow.endDatabase(d),
    undo: forward,
  },
  {
    id: 'foundation',
    title: 'Destroy the foundation',
    run: (d) => process.endFoundation(d),
    undo: forward,
  },
  {
    id: 'states',
    title: 'Check, then delete the states',
    run: (d) => process.endStates(d),
    undo: forward,
  },
  {
    id: 'record',
    title: 'Record the end',
    run: (d) => process.recordDestruction(d),
    undo: { none: 'forward only' },
  },
];

/**
 * Takes a whole environment away. Its releases, ledger and backups stay unless they were named, too:
 * these go once the run has ended and let the environment go, for the lease lies among them.
 */
export async function destroy(request: DeployRequest): Promise<Report> {
  const gate = approval((d) => process.planDestruction(d));
  const report = await conduct({ kind: 'destroy', request, rows: destroyTable(gate.wait), gate });
  if (!request.destroy?.deleteBackups) return report;
  const { environment, actor, address } = request;
  const { runId } = workflowInfo();
  const asked: Deploy = {
    ...{ environment, actor, runId, approval: 'auto' },
    ...(address && { address }),
  };
  try {
    const left = await process.endReleases(asked);
    return { ...report, kept: [...report.kept, ...left] };
  } catch (error) {
    throw halfWay(report, error);
  }
}

/** Everything is gone but the bucket of the backups. */
function halfWay(report: Report, error: unknown): ApplicationFailure {
  const failure = explain(error);
  const ended: Report = { ...report, outcome: 'failed-past-pivot', failedStep: 'backups', failure };
  return ApplicationFailure.nonRetryable(failure.what, 'LeftBehind', ended);
}
