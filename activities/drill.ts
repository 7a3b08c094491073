import { Context } from '@temporalio/activity';
import type { Deploy, Recovery } from '../src/deploy.ts';
import type { DrillResult } from '../src/drill-result.ts';
import { claimPlace } from '../src/drills/claim-place.ts';
import { destroyScratch } from '../src/drills/destroy-scratch.ts';
import { dropClaim, readClaim } from '../src/drills/drill-claim.ts';
import { drillName } from '../src/drills/drill-site.ts';
import { refuseRunning } from '../src/drills/refuse-running.ts';
import { whatIsLeft } from '../src/drills/what-is-left.ts';
import { siteIn } from '../src/endpoints.ts';
import { Failure } from '../src/failure.ts';
import { findBackup } from '../src/recovery/foresee.ts';
import { appendToLedger, readLedger } from '../src/releases/ledger.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

/** Which backup a drill of the environment would recover; a Failure where there is none. */
export async function foreseeDrill(d: Deploy, { site }: Work): Promise<Recovery> {
  await readLedger(site); // a broken one could not take the drill's entry
  const { found } = await findBackup(site);
  if (found) return found;
  throw new Failure({
    code: 'NO_BACKUP_TO_DRILL',
    what: `There is no complete backup of ${d.environment} to drill`,
    why: `${site.releaseBucket} has none with a database and a release`,
    fix: `Make one: \`bin/windlass backup -e ${site.name}\`.`,
  });
}

/** Has the scratch place empty and for this drill alone; a Failure, nothing deleted, where it cannot. */
export async function claimDrill(d: Deploy, work: Work): Promise<Record<string, never>> {
  const { workflowId: workflow, runId: id } = Context.current().info.workflowExecution ?? {
    workflowId: '',
    runId: d.runId,
  };
  const scratch = await siteIn(work.site, work.site.written, drillName(work.site.name));
  await refuseRunning(work.site, workflow);
  await claimPlace({ site: work.site, scratch }, { id, workflow }, d, watchOf(work));
  return {};
}

/** Takes the scratch environment away; answers what the clouds still list of it. */
export async function destroyDrill(d: Deploy, work: Work): Promise<readonly string[]> {
  const { site } = work;
  const scratch = await siteIn(site, site.written, drillName(site.name));
  await destroyScratch(scratch, await readClaim(site), d, watchOf(work));
  const left = await whatIsLeft(scratch);
  if (left.length === 0) await dropClaim(site);
  return left;
}

/** Writes the drill's result into the ledger of the environment that it was for. */
export async function recordDrill(
  d: Deploy & { readonly drill: DrillResult },
  { site }: Work,
): Promise<number> {
  const { drill } = d;
  const entry = await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: d.runId,
    kind: 'drill',
    actor: d.actor,
    outcome: drill.proven ? 'proven' : 'failed',
    drill: { ...drill, left: [...drill.left] },
    secretVersions: {},
    revisions: {},
    traffic: {},
    left: [...drill.left],
    ...(drill.failure !== undefined && { failure: drill.failure }),
  });
  return entry.number;
}
