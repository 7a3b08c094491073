import type { Deploy, DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { Row } from '../src/step.ts';
import { process, slow } from './activities.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';

/** A recovery goes forward only: winding it back would lose the environment again. */
const forward = { none: 'forward only: recovering again continues from here' };

/** The bootstrap rows again, into whatever is left of the environment. */
export const recoverTable: readonly Row<Deploy>[] = [
  {
    id: 'plan',
    title: 'Find the backup and the release',
    run: (d) => process.planRecovery(d),
    undo: { none: 'nothing changed' },
  },
  {
    id: 'state',
    title: 'Repair the Terraform state',
    run: (d) => process.mendStates(d),
    undo: forward,
    pivot: true,
  },
  [
    {
      id: 'foundation',
      title: 'Apply the foundation',
      run: (d) => process.recoverFoundation(d),
      undo: forward,
    },
    {
      id: 'supabase',
      title: 'Set up Supabase',
      run: (d) => slow.bootstrapSupabase(d),
      undo: forward,
    },
  ],
  { id: 'secrets', title: 'Fill the secrets', run: (d) => slow.fillSecrets(d), undo: forward },
  { id: 'data', title: 'Restore the database', run: (d) => process.restoreData(d), undo: forward },
  {
    id: 'services',
    title: 'Create the services',
    run: (d) => process.recoverServices(d),
    undo: forward,
  },
  // Before the smoke test: what served until now may be the very thing that is broken.
  { id: 'promote', title: 'Move all traffic', run: (d) => slow.promote(d), undo: forward },
  {
    id: 'smoke',
    title: 'Smoke-test the services',
    run: (d) => slow.smokeTest(d),
    undo: { none: 'read-only; removes its own test data' },
  },
  {
    id: 'record',
    title: 'Verify and record',
    run: (d) => process.verifyAndRecord(d),
    undo: forward,
  },
];

/** Brings a lost or half-lost environment back from its newest backup and what survived. */
export async function recover(request: DeployRequest): Promise<Report> {
  return conduct({ kind: 'recover', request, rows: recoverTable, gate: approval() });
}
