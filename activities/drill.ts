import type { Deploy, Recovery } from '../src/deploy.ts';
import type { DrillResult } from '../src/drill-result.ts';
import { destroyScratch } from '../src/drills/destroy-scratch.ts';
import { drillName } from '../src/drills/drill-site.ts';
import { whatIsLeft } from '../src/drills/what-is-left.ts';
import { siteOf } from '../src/endpoints.ts';
import { Failure } from '../src/failure.ts';
import { foresee } from '../src/recovery/foresee.ts';
import { appendToLedger } from '../src/releases/ledger.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

/** Which backup a drill of the environment would recover; a Failure where there is none. */
export async function foreseeDrill(d: Deploy, { site }: Work): Promise<Recovery> {
  const scratch = await siteOf(site, drillName(site.name));
  const recovery = await foresee(scratch, { source: site.name });
  if (recovery.database === 'restore') return recovery;
  throw new Failure({
    code: 'NO_BACKUP_TO_DRILL',
    what: `There is no whole backup of ${d.environment} to drill`,
    why: `${site.releaseBucket} holds none with a database and a release`,
    fix: `Make one: \`bin/windlass backup -e ${site.name}\`.`,
  });
}

/** Takes the scratch environment away; answers what the clouds still list of it. */
export async function destroyDrill(d: Deploy, work: Work): Promise<readonly string[]> {
  const scratch = await siteOf(work.site, drillName(work.site.name));
  await destroyScratch(scratch, d, watchOf(work));
  return whatIsLeft(scratch);
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
