import { Argument, Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { wordDigest } from '../../identity/statement.ts';
import type { Verdict } from '../../unwind.ts';
import { environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { spokenWord } from '../speak.ts';
import { tellRun } from '../tell-run.ts';
import { withClient } from '../with-client.ts';

/** `windlass undo retry|skip|done STEP`: the operator's word on an undo that cannot finish. */
export function undoCommand() {
  return new Command('undo')
    .description('decide how to continue a stuck undo')
    .addArgument(new Argument('<action>').choices(['retry', 'skip', 'done'] as const))
    .argument('<step>', 'the step whose undo is parked')
    .addOption(environmentOption())
    .option('--reason <text>', 'reason; required for skip and done')
    .action(async (action, step, { environment, reason }) => {
      const word = { step, verdict: verdictOf(action, reason) };
      await withClient(async (client, _temporal, place) => {
        const site = await siteOf(place, environment);
        await tellRun(client, { place, environment }, async (_report, run) => {
          const who = await spokenWord(site, { kind: 'undo', digest: wordDigest(word), run });
          return { name: 'undo', said: { ...word, ...who } };
        });
      });
      say(`Recorded ${action} for ${step}. Follow: bin/windlass status -e ${environment} --watch`);
    });
}

function verdictOf(action: Verdict['action'], reason: string | undefined): Verdict {
  if (action === 'retry') return { action };
  if (reason) return { action, reason };
  throw new Failure({
    code: 'USAGE',
    what: `\`undo ${action}\` needs a reason`,
    why: 'the ledger records why something was left behind',
    fix: "Add `--reason '…'`.",
  });
}
