import type { Deploy } from '../src/deploy.ts';
import type { Row } from '../src/step.ts';
import { aside, instant, process, slow } from './activities.ts';

/** Whoever rolls back flees from a release: no failure of a later step leads there again. */
const stays = {
  none: 'forward only: rolling back again continues from here',
  changes: true,
} as const;

/**
 * What a rollback does: all that can be known is checked, then the traffic moves, in seconds; then
 * come the slower steps. From the moment the traffic begins to move nothing is wound back.
 */
export const rollbackTable: readonly Row<Deploy>[] = [
  {
    id: 'plan',
    title: 'Plan the rollback',
    run: (d) => process.planRollback(d),
    undo: { none: 'nothing changed' },
  },
  {
    id: 'check',
    title: 'Check that the rollback can succeed',
    skip: onlyPlan,
    run: (d) => aside.checkWayBack(d),
    undo: { none: 'read-only' },
  },
  [
    {
      id: 'traffic',
      title: 'Move all traffic back',
      skip: onlyPlan,
      observe: (d) => instant.observeTraffic(d),
      run: (d) => slow.trafficToTarget(d),
      undo: stays,
      pivot: 'once begun', // where it fails, some of the services may have moved
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
      undo: stays,
    },
    {
      id: 'supabase',
      title: 'Restore the previous settings',
      skip: onlyPlan,
      observe: (d) => instant.observeSupabase(d),
      run: (d) => slow.bootstrapSupabase(d),
      undo: stays,
    },
  ],
  {
    id: 'secrets',
    title: 'Fill secrets that were deleted',
    skip: (d) => onlyPlan(d) ?? noSecretMissing(d),
    observe: (d) => instant.observeSecrets(d),
    run: (d) => slow.refillSecrets(d),
    undo: stays,
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
    undo: stays,
  },
  {
    id: 'schema',
    title: 'Downgrade where that loses no data',
    skip: onlyPlan,
    observe: (d) => slow.observeRevisions(d),
    run: (d) => process.downgradeToTarget(d),
    undo: stays,
  },
  {
    id: 'remove',
    title: 'Remove later resources',
    skip: (d) => onlyPlan(d) ?? (d.plan?.removal ? undefined : 'nothing to remove'),
    run: (d) => process.removeLeaving(d),
    undo: stays,
  },
  {
    id: 'record',
    title: 'Verify and record',
    skip: onlyPlan,
    run: (d) => process.verifyAndRecord(d),
    undo: { none: 'forward only' },
  },
];

/** Why a row has nothing to do where only a plan was asked for. */
export function onlyPlan(d: Deploy): string | undefined {
  return d.planOnly ? 'plan only' : undefined;
}

/** Why no secret is filled. */
export function noSecretMissing(d: Deploy): string | undefined {
  return d.plan?.missingSecrets.length === 0 ? 'every secret has its value' : undefined;
}
