import type { Deploy, DeployRequest } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { Row } from '../src/step.ts';
import { instant, process, slow, undo } from './activities.ts';
import { approval } from './approval.ts';
import { conduct } from './conduct.ts';

/** THE TABLE: what a deploy does, row by row, and how each row is wound back. */
export function deployTable(waitForApproval: (d: Deploy) => Promise<Partial<Deploy>>) {
  return [
    {
      id: 'plan',
      title: 'Plan the release',
      run: (d) => process.planRelease(d),
      undo: { none: 'nothing changed' },
    },
    {
      id: 'approve',
      title: 'Approve the plan',
      skip: nothingToDo,
      run: waitForApproval,
      undo: { none: 'nothing changed' },
    },
    ...approved,
  ] as const satisfies readonly Row<Deploy>[];
}

/** The rows that change something. */
const approved = [
  {
    id: 'backup',
    title: 'Back up state and database',
    skip: nothingToDo,
    run: (d) => process.backUp(d),
    undo: { none: 'backup kept' },
  },
  {
    id: 'bind',
    title: 'Pin traffic to revisions',
    skip: (d) => nothingToDo(d) ?? nothingFollows(d),
    observe: (d) => instant.observeTraffic(d),
    run: (d) => process.bindTraffic(d),
    undo: (d) => undo.restoreTraffic(d),
  },
  [
    {
      id: 'foundation',
      title: 'Apply the foundation',
      skip: nothingToDo,
      run: (d) => process.applyFoundation(d),
      undo: (d) => undo.undoFoundation(d),
    },
    {
      id: 'supabase',
      title: 'Set up Supabase',
      skip: nothingToDo,
      observe: (d) => instant.observeSupabase(d),
      run: (d) => slow.bootstrapSupabase(d),
      undo: (d) => undo.restoreSupabase(d),
    },
  ],
  {
    id: 'secrets',
    title: 'Fill the secrets',
    skip: nothingToDo,
    observe: (d) => instant.observeSecrets(d),
    run: (d) => slow.fillSecrets(d),
    undo: (d) => undo.withdrawSecrets(d),
  },
  {
    id: 'migrate',
    title: 'Migrate every schema',
    skip: nothingToDo,
    observe: (d) => slow.observeRevisions(d),
    run: (d) => process.migrate(d),
    undo: (d) => undo.downgrade(d),
  },
  {
    id: 'services',
    title: 'Create revisions without traffic',
    skip: nothingToDo,
    observe: (d) => instant.observeTraffic(d),
    run: (d) => process.applyServices(d),
    undo: (d) => undo.undoServices(d),
  },
  {
    id: 'smoke',
    title: 'Smoke-test the candidates',
    skip: nothingToDo,
    run: (d) => slow.smokeTest(d),
    undo: { none: 'read-only; removes its own test data' },
  },
  {
    id: 'promote',
    title: 'Move all traffic',
    skip: nothingToDo,
    run: openAndPromote,
    undo: (d) => undo.restoreTraffic(d),
    pivot: true,
  },
  {
    id: 'remove',
    title: 'Remove accepted resources',
    skip: (d) => nothingToDo(d) ?? nothingLeaves(d),
    run: (d) => process.removeLeaving(d),
    undo: { none: 'forward only: each loss was accepted by name' },
  },
  {
    id: 'record',
    title: 'Verify and record',
    skip: (d) => (d.planOnly ? 'plan only' : undefined),
    run: (d) => process.verifyAndRecord(d),
    undo: { none: 'forward only: the traffic has moved' },
  },
] as const satisfies readonly Row<Deploy>[];

/**
 * Brings an environment to a release. Ends as Completed, or Failed with type `RolledBack`,
 * `LeftBehind` or `Rejected`; a cancelled run winds back first. The undo order is the reverse of
 * the table.
 */
export async function deploy(request: DeployRequest): Promise<Report> {
  const gate = approval();
  return conduct({ kind: 'deploy', request, rows: deployTable(gate.wait), gate });
}

/** A service that nobody could call yet is opened first: should that fail, no traffic has moved. */
async function openAndPromote(d: Deploy): Promise<Partial<Deploy>> {
  if (d.plan?.opening) await process.openServices(d);
  return slow.promote(d);
}

function nothingFollows(d: Deploy): string | undefined {
  return d.plan?.bind ? undefined : 'every split names its revision';
}

function nothingLeaves(d: Deploy): string | undefined {
  return d.plan?.removal ? undefined : 'nothing to remove';
}

function nothingToDo(d: Deploy): string | undefined {
  if (d.planOnly) return 'plan only';
  return d.plan?.unchanged ? 'nothing to change' : undefined;
}
