import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { historyLines } from '../history/history-lines.ts';
import { seenRuns } from '../history/seen-runs.ts';
import type { SeenRun } from '../history/seen-runs.ts';
import { toldRuns } from '../history/told-run.ts';
import { ledgerShown } from '../ledger-shown.ts';
import { environmentOption, limitOption } from '../options.ts';
import { answerWidth } from '../output/columns.ts';
import { sayFailure } from '../output/failure.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { isTemporalAway } from '../temporal-away.ts';
import { withClient } from '../with-client.ts';

/** `windlass history`: the runs of an environment, newest first, open and refused ones too. */
export function historyCommand() {
  return new Command('history')
    .description('list the runs of an environment, newest first')
    .addOption(environmentOption())
    .addOption(limitOption('runs').default(20))
    .option('--json', 'as JSON')
    .action(async ({ environment, limit, json }) => {
      const { ledger, broken } = await ledgerShown(await siteOf(projectPlace(), environment));
      const recorded = new Set(ledger.map(({ runId }) => runId));
      const seen = await seenIfAnswered({ environment, most: limit, recorded });
      const runs = toldRuns(ledger, seen).slice(0, limit);
      if (broken) process.exitCode = 3;
      if (broken) sayFailure(broken);
      if (json) return answerJson(runs);
      if (runs.length === 0) return say(`${environment} has had no run yet`);
      for (const line of historyLines(runs, { now: new Date(), width: answerWidth() }))
        answer(line);
    });
}

/** What Temporal knows of the runs; the ledger is told all the same where it does not answer. */
async function seenIfAnswered(asked: Parameters<typeof seenRuns>[1]): Promise<readonly SeenRun[]> {
  try {
    return await withClient((client) => seenRuns(client, asked));
  } catch (error) {
    const unreached = error instanceof Failure && error.code === 'TEMPORAL_UNREACHABLE';
    if (!unreached && !isTemporalAway(error)) throw error;
    say('Temporal does not respond: only the runs in the ledger are listed.');
    return [];
  }
}
