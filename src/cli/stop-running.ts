import { siteOf } from '../endpoints.ts';
import { wordDigest } from '../identity/statement.ts';
import { projectPlace } from '../place.ts';
import { lendClient } from '../temporal/lend-client.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { follow } from './follow-run.ts';
import type { Show } from './follow-run.ts';
import { say } from './output/say.ts';
import { confirmStop } from './confirm-stop.ts';
import { stampOf } from './output/clock.ts';
import { prepare } from './prepare.ts';
import { spokenWord } from './speak.ts';
import { workflowIdOf } from './workflow-id.ts';
import { tellRun } from './tell-run.ts';

/**
 * Stops the run that holds the environment and follows its way back, after a confirmation where somebody
 * else has started it; a rollback is only followed. Answers its exit code, or false when no run holds it.
 */
export async function stopRunning(
  environment: string,
  reason: string,
  { yes, ...show }: Show & { readonly yes?: boolean },
): Promise<number | false> {
  const place = projectPlace();
  await prepare(place, environment);
  return lendClient(place.home, async (client, temporal) => {
    const workflowId = workflowIdOf(environment);
    const described = await lookUpRun(client, workflowId);
    if (described?.status.name !== 'RUNNING') return false;
    const since = `A ${described.type} runs since ${stampOf(described.startTime)}`;
    // It is what the user wants, and a stop would leave it half-way.
    if (described.type === 'rollback') say(`${since}: following it.`);
    else {
      await confirmStop(environment, described, yes === true);
      say(`${since}: stopping it.`);
      const digest = wordDigest({ reason });
      const site = await siteOf(place, environment);
      await tellRun(client, { place, environment }, async (_report, run) => {
        const who = await spokenWord(site, { kind: 'stop', digest, run });
        return { name: 'stop', said: { reason, ...who } };
      });
    }
    return follow(client, { workflowId, runId: described.runId, temporal }, show);
  });
}
