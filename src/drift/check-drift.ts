import { Failure } from '../failure.ts';
import { asReleased } from '../releases/as-released.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import type { Site } from '../site.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { DriftFinding } from '../drift-finding.ts';
import { liveDrift } from './live.ts';
import { schemaDrift } from './schema.ts';
import { stateDrift } from './state.ts';
import { supabaseDrift } from './supabase.ts';

/** Compares the environment with the release that it stands on, by four sources; changes nothing. */
export async function checkDrift(
  site: Site,
  runId: string,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly DriftFinding[]> {
  const standing = standingOf(await readLedger(site));
  if (!standing) throw nothingStands(site);
  // What was released is the measure, not what a tree says by now; a worker need not have one.
  const released = await asReleased(site, standing.release);
  const found = await Promise.all([
    stateDrift(released, { runId, standing }, watch),
    liveDrift(released, standing),
    supabaseDrift(released),
    schemaDrift(released, standing),
  ]);
  const since = `${standing.release.id}, ledger entry ${standing.entry}`;
  return found.flat().map((one) => ({ ...one, since }));
}

function nothingStands(site: Site): Failure {
  return new Failure({
    code: 'NOTHING_DEPLOYED',
    what: `Nothing has been deployed to ${site.name}`,
    why: 'its ledger has no release to compare to',
    fix: `Deploy first: \`make ${site.name}-deploy\`.`,
  });
}
