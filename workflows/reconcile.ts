import type { Deploy, DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { Row } from '../src/step.ts';
import { process, slow, undo } from './activities.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';

/** A reconciliation goes to one place only; when it stops on its way, it is simply run again. */
const forward = { none: 'forward only: reconciling again continues from here' };

/** Winds back what a terminated run left, by the receipts in its marker: its undos, as rows. */
export const reconcileTable: readonly Row<Deploy>[] = [
  {
    id: 'plan',
    title: 'Read what was left, and by whom',
    run: (d) => process.planReconcile(d),
    undo: { none: 'nothing changed' },
    pivot: true, // from here on a failure leaves the marker, and the next attempt goes on
  },
  {
    id: 'locks',
    title: 'Release orphaned locks, push unwritten states',
    skip: unless(),
    run: (d) => process.freeLocks(d),
    undo: forward,
  },
  {
    id: 'traffic',
    title: 'Restore the recorded traffic',
    skip: unless('promote', 'traffic'),
    run: async (d) => ({ ...(await undo.restoreTraffic(d)) }),
    undo: forward,
  },
  {
    id: 'services',
    title: 'Apply the deployed release’s services',
    skip: unless('services', 'traffic', 'promote'),
    run: async (d) => ({ ...(await undo.undoServices(d)) }),
    undo: forward,
  },
  {
    id: 'schema',
    title: 'Return to the recorded revisions',
    skip: unless('migrate', 'schema'),
    run: (d) => process.restoreSchema(d),
    undo: forward,
  },
  {
    id: 'secrets',
    title: 'Disable new secret versions',
    skip: unless('secrets'),
    run: async (d) => ({ ...(await undo.withdrawSecrets(d)) }),
    undo: forward,
  },
  {
    id: 'supabase',
    title: 'Restore the recorded settings',
    skip: unless('supabase'),
    run: async (d) => ({ ...(await undo.restoreSupabase(d)) }),
    undo: forward,
  },
  {
    id: 'foundation',
    title: 'Apply the deployed release’s foundation',
    skip: unless('foundation'),
    run: async (d) => ({ ...(await undo.undoFoundation(d)) }),
    undo: forward,
  },
  {
    id: 'record',
    title: 'Verify the deployed release',
    skip: unless(),
    run: (d) => slow.verifyStanding(d),
    undo: forward,
  },
];

/** Brings cloud, state and ledger together after a run that ended without winding back. */
export async function reconcile(request: DeployRequest): Promise<Report> {
  return conduct({ kind: 'reconcile', request, rows: reconcileTable, gate: approval() });
}

/** Skips unless the unfinished run began one of these steps; without names, unless there is one. */
function unless(...steps: readonly string[]): (d: Deploy) => string | undefined {
  return ({ unfinished }) => {
    if (!unfinished) return 'nothing was left half-changed';
    if (steps.length === 0 || steps.some((step) => unfinished.steps.includes(step)))
      return undefined;
    return 'never started';
  };
}
