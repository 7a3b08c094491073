import type { Deploy, DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { Row } from '../src/step.ts';
import { instant, process, slow, undo } from './activities.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';

/** What a rollback does: the traffic first, in seconds; then the slower undos. */
export const rollbackTable: readonly Row<Deploy>[] = [
  {
    id: 'plan',
    title: 'Plan the way back',
    run: (d) => process.planRollback(d),
    undo: { none: 'nothing touched' },
  },
  {
    id: 'backup',
    title: 'Back up state and database',
    skip: onlyPlan,
    run: (d) => process.backUp(d),
    undo: { none: 'a spare copy harms nobody' },
  },
  {
    id: 'traffic',
    title: 'Move all traffic back',
    skip: onlyPlan,
    observe: (d) => instant.observeTraffic(d),
    run: (d) => slow.trafficToTarget(d),
    undo: (d) => undo.restoreTraffic(d),
  },
  {
    id: 'services',
    title: 'Apply the previous services',
    skip: onlyPlan,
    run: (d) => process.applyTargetServices(d),
    undo: (d) => undo.undoServices(d),
  },
  {
    id: 'foundation',
    title: 'Apply the previous foundation',
    skip: onlyPlan,
    run: (d) => process.applyFoundation(d),
    undo: (d) => undo.undoFoundation(d),
  },
  {
    id: 'schema',
    title: 'Downgrade what loses nothing',
    skip: onlyPlan,
    observe: (d) => slow.observeRevisions(d),
    run: (d) => process.downgradeToTarget(d),
    undo: { none: 'forward only: the schema is the one that the release had' },
    pivot: true,
  },
  {
    id: 'record',
    title: 'Verify and record',
    skip: onlyPlan,
    run: (d) => process.verifyAndRecord(d),
    undo: { none: 'forward only' },
  },
];

/** Returns an environment to its previous release, or to the one that is named. */
export async function rollback(request: DeployRequest): Promise<Report> {
  return conduct({ kind: 'rollback', request, rows: rollbackTable, gate: approval() });
}

function onlyPlan(d: Deploy): string | undefined {
  return d.planOnly ? 'only a plan was asked for' : undefined;
}
