import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { lendClient } from '../temporal/lend-client.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { readClaim } from './drill-claim.ts';

/** Throws while another drill of the environment works in the place that it has claimed. */
export async function refuseRunning(site: Site, asking: string): Promise<void> {
  const claim = await readClaim(site);
  if (!claim || claim.workflow === asking) return;
  if (!(await runs(site.home, claim.workflow, claim.id))) return;
  throw new Failure({
    code: 'DRILL_RUNS',
    what: `A drill of ${site.name} is already running`,
    why: `${claim.workflow} began at ${claim.at} and uses ${claim.project}`,
    fix: 'Wait until it has ended, then run the drill again.',
  });
}

async function runs(home: string, workflow: string, id: string): Promise<boolean> {
  const found = await lendClient(home, (client) => lookUpRun(client, workflow, id));
  return found?.status.name === 'RUNNING';
}
