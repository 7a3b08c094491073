import type { Deploy } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { ensureBucket } from '../gcp/buckets.ts';
import { checkSite } from '../site-check.ts';
import type { Site } from '../site.ts';
import type { Watch } from '../terraform/supervise.ts';
import { destroyScratch } from './destroy-scratch.ts';
import { readClaim, writeClaim } from './drill-claim.ts';
import { claimLabel } from './refuse-foreign.ts';
import { refuseFormer } from './refuse-former.ts';
import { whatIsLeft } from './what-is-left.ts';

/** The drill that asks, and who it can be asked after by. */
export interface Claimant {
  readonly id: string;
  readonly workflow: string;
}

/**
 * Has an empty place for a drill alone: what an earlier drill of this environment left goes first,
 * anything else stops the drill. Its buckets carry the drill's mark from their first moment.
 */
export async function claimPlace(
  { site, scratch }: { readonly site: Site; readonly scratch: Site },
  { id, workflow }: Claimant,
  d: Deploy,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  await checkSite(scratch);
  await refuseFormer(site, scratch);
  await destroyScratch(scratch, await readClaim(site), { ...d, runId: `${d.runId}-before` }, watch);
  const left = await whatIsLeft(scratch);
  if (left.length > 0) throw notEmptied(scratch, left);
  const { project } = scratch.environment;
  await writeClaim(site, { version: 1, id, workflow, project, at: new Date().toISOString() });
  const labels = { [claimLabel]: id };
  for (const bucket of [scratch.stateBucket, scratch.releaseBucket])
    await ensureBucket(scratch.google, bucket, { labels, signal: watch.signal });
}

function notEmptied({ environment }: Site, left: readonly string[]): Failure {
  return new Failure({
    code: 'DRILL_NOT_REMOVED',
    what: `${environment.project} still contains resources of an earlier drill`,
    why: left.join(', '),
    fix: 'Run the drill again; delete what remains by hand.',
  });
}
