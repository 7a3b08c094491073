import { siteOf } from '../endpoints.ts';
import { projectPlace } from '../place.ts';
import { lendClient } from '../temporal/lend-client.ts';
import { follow } from './follow-run.ts';
import type { Show } from './follow-run.ts';
import { gather } from './gather.ts';
import { knownFailure } from '../causes/known-failure.ts';
import { exitCodeFor } from './exit-codes.ts';
import { printFailure } from './output/failure.ts';
import { say } from './output/say.ts';
import { prepare } from './prepare.ts';
import { refuseHeld } from './refuse-held.ts';
import { runCode } from './run-code.ts';
import { spokenStart } from './speak.ts';
import { refuseOtherRun, startRun } from './start-run.ts';
import type { Wish } from './start-run.ts';

/** Starts a run, shows it until it ends or Ctrl-C, and answers the exit code. */
export async function conductRun(wish: Wish, show: Show): Promise<number> {
  const place = projectPlace();
  const sources = wish.kind === 'deploy' && wish.release === undefined;
  await prepare(place, wish.environment, { sources, files: wish.kind === 'deploy' });
  const site = await siteOf(place, wish.environment);
  say(`${wish.environment}: ${site.banner}`);
  return lendClient(place.home, async (client, temporal) => {
    await refuseOtherRun(client, wish.environment);
    if (!wish.planOnly && !wish.takesOver) await refuseHeld(site);
    const gathered = await gather(site, wish).catch(refused);
    if (typeof gathered === 'number') return gathered;
    const run = await startRun(client, wish, site.environment, {
      gathered,
      code: await runCode(place, site),
      speak: (request) => spokenStart(site, wish.kind, request),
    });
    return follow(client, { ...run, temporal }, show);
  });
}

/** Nothing has begun yet: whatever failure of ours ends the gathering, nothing was touched. */
function refused(error: unknown): number {
  const failure = knownFailure(error);
  if (!failure) throw error;
  printFailure(failure);
  const code = exitCodeFor(failure);
  return code === 1 ? 3 : code;
}
