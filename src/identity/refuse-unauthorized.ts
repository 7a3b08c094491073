import type { Site } from '../site.ts';
import { isApproved } from './admit-start.ts';
import { namesPeople } from './anchor.ts';
import { refusal } from './refused.ts';
import { rulesInForce } from './rules.ts';
import { readStart, wasApproved } from './trust-objects.ts';
import type { StartRecord } from './trust-objects.ts';

/** What an activity is asked to do, and by which execution, as the server says it. */
export interface Asked {
  readonly activity: string;
  readonly runId: string;
  /** Run that asks; undefined for an activity that no workflow asks for. */
  readonly by: string | undefined;
  readonly plan?: { readonly digest: string; readonly unchanged: boolean } | undefined;
}

/** Activities that check the start themselves, only look, or keep to what is no environment's own. */
const unguarded: ReadonlySet<string> = new Set([
  ...[
    'planRelease',
    'planRollback',
    'planRecovery',
    'planReconcile',
    'planDestruction',
    'statesMoved',
    'checkWord',
  ],
  ...['whoChanges', 'notify', 'overdueDrill', 'hearBudget', 'settleBudget', 'checkDrift'],
  ...['backUp', 'pruneBackups', 'foreseeDrill', 'claimDrill', 'destroyDrill', 'recordDrill'],
]);

/** These hold, mark and record; what changes the environment is asked for with its plan. */
const beforeApproval: ReadonlySet<string> = new Set([
  ...['markEnvironment', 'recordOutcome', 'takeLease', 'holdLease', 'parkLease', 'dropLease'],
]);

const known = new Map<string, StartRecord>();
const approvals = new Set<string>();

/**
 * Refuses to change an environment that names its people for a run that none of them started, or whose
 * plan none of them approved: whoever reaches Temporal may ask for any activity, by any workflow.
 */
export async function refuseUnauthorized(site: Site, asked: Asked): Promise<void> {
  const { activity, runId, by } = asked;
  if (by === undefined) throw unauthorized('no workflow asked for it', site);
  if (unguarded.has(activity)) return;
  const record = await recordOf(site, runId);
  if (record === 'free') return;
  if (by !== runId) throw unauthorized(`the run ${by} asks on behalf of ${runId}`, site);
  if (!isApproved(record.kind) || record.approval !== 'wait') return;
  if (beforeApproval.has(activity) || (activity === 'verifyAndRecord' && asked.plan?.unchanged))
    return;
  await refuseUnapproved(site, asked);
}

async function refuseUnapproved(site: Site, { runId, plan }: Asked): Promise<void> {
  const digest = plan?.digest ?? 'none';
  const key = `${site.releaseBucket}/${runId}/${digest}`;
  if (approvals.has(key)) return;
  if (!(await wasApproved(site, runId, digest)))
    throw unauthorized(`no one approved its plan ${digest.slice(0, 12)}`, site);
  approvals.add(key);
}

/** The record of a start never changes; that there is none may, so that is asked for each time. */
async function recordOf(site: Site, runId: string): Promise<StartRecord | 'free'> {
  const key = `${site.releaseBucket}/${runId}`;
  const already = known.get(key);
  if (already) return already;
  if (!(await namesPeople(site))) return 'free';
  const record = await readStart(site, runId);
  if (record) known.set(key, record);
  if (record) return record;
  if (!(await rulesInForce(site))) return 'free';
  throw unauthorized(`the release bucket ${site.releaseBucket} holds no record of its start`, site);
}

function unauthorized(why: string, { name }: Site) {
  const fix = `Start it with bin/windlass: \`windlass deploy -e ${name}\` signs for you.`;
  return refusal('RUN_NOT_AUTHORIZED', why, fix);
}
