import type { Deploy } from '../deploy.ts';
import { destroyScratch } from '../drills/destroy-scratch.ts';
import { dropClaim, readClaim } from '../drills/drill-claim.ts';
import { drillName } from '../drills/drill-site.ts';
import { whatIsLeft } from '../drills/what-is-left.ts';
import { siteIn } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { Watch } from '../terraform/supervise.ts';

/**
 * Takes away what a drill of the environment left in its scratch project; nothing claimed is a
 * success. Answers what stays, in words: somebody else's things are no reason to keep the rest.
 */
export async function endDrill(
  site: Site,
  d: Deploy,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly string[]> {
  const claim = await readClaim(site);
  if (!claim) return [];
  const scratch = await siteIn(site, site.written, drillName(site.name));
  try {
    await destroyScratch(scratch, claim, { ...d, runId: `${d.runId}-drill` }, watch);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'DRILL_PLACE_OCCUPIED') throw error;
    return [`drill project ${claim.project}: ${error.why}`];
  }
  const left = await whatIsLeft(scratch);
  if (left.length === 0) await dropClaim(site);
  return left.map((one) => `${one}: left by a drill`);
}
