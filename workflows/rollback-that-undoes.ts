import type { Deploy } from '../src/deploy.ts';
import type { Row } from '../src/step.ts';
import { instant, process, slow, undo } from './activities.ts';
import { noSecretMissing, onlyPlan } from './rollback-table.ts';

/**
 * The table of rollbacks that began before there was a check: their histories still replay. An undo
 * runs only where a history says that it ran; a failure of today leaves the traffic where it is.
 */
export const undoingTable: readonly Row<Deploy>[] = [
  {
    id: 'plan',
    title: 'Plan the rollback',
    run: (d) => process.planRollback(d),
    undo: { none: 'nothing changed' },
  },
  [
    {
      id: 'traffic',
      title: 'Move all traffic back',
      skip: onlyPlan,
      observe: (d) => instant.observeTraffic(d),
      run: (d) => slow.trafficToTarget(d),
      undo: (d) => undo.restoreTraffic(d),
    },
    {
      id: 'backup',
      title: 'Back up state and database',
      skip: onlyPlan,
      run: (d) => process.backUp(d),
      undo: { none: 'backup kept' },
    },
  ],
  [
    {
      id: 'foundation',
      title: 'Apply the previous foundation',
      skip: onlyPlan,
      run: (d) => process.applyFoundation(d),
      undo: (d) => undo.undoFoundation(d),
    },
    {
      id: 'supabase',
      title: 'Restore the previous settings',
      skip: onlyPlan,
      observe: (d) => instant.observeSupabase(d),
      run: (d) => slow.bootstrapSupabase(d),
      undo: (d) => undo.restoreSupabase(d),
    },
  ],
  {
    id: 'secrets',
    title: 'Fill secrets that were deleted',
    skip: (d) => onlyPlan(d) ?? noSecretMissing(d),
    observe: (d) => instant.observeSecrets(d),
    run: (d) => slow.refillSecrets(d),
    undo: (d) => undo.withdrawSecrets(d),
  },
  {
    id: 'logins',
    title: 'Log in as every role',
    skip: onlyPlan,
    run: (d) => instant.proveLogins(d),
    undo: { none: 'read-only' },
  },
  {
    id: 'services',
    title: 'Apply the previous services',
    skip: onlyPlan,
    run: (d) => process.applyTargetServices(d),
    undo: (d) => undo.undoServices(d),
  },
  {
    id: 'schema',
    title: 'Downgrade where that loses no data',
    skip: onlyPlan,
    observe: (d) => slow.observeRevisions(d),
    run: (d) => process.downgradeToTarget(d),
    undo: { none: 'forward only: the schema is the one that the release had' },
    pivot: true,
  },
  {
    id: 'remove',
    title: 'Remove later resources',
    skip: (d) => onlyPlan(d) ?? (d.plan?.removal ? undefined : 'nothing to remove'),
    run: (d) => process.removeLeaving(d),
    undo: { none: 'forward only: a deploy makes it again' },
  },
  {
    id: 'record',
    title: 'Verify and record',
    skip: onlyPlan,
    run: (d) => process.verifyAndRecord(d),
    undo: { none: 'forward only' },
  },
];
