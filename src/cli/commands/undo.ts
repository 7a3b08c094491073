import { Argument, Command } from '@commander-js/extra-typings';
import { Failure } from '../../failure.ts';
import type { Verdict } from '../../unwind.ts';
import { actor, environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { tellRun } from '../tell-run.ts';
import { withClient } from '../with-client.ts';

/** `windlass undo retry|skip|done STEP`: the operator's word on an undo that cannot finish. */
export function undoCommand() {
  return new Command('undo')
    .description('say what to do about an undo that is stuck')
    .addArgument(new Argument('<action>').choices(['retry', 'skip', 'done'] as const))
    .argument('<step>', 'the step whose undo waits')
    .addOption(environmentOption())
    .option('--reason <text>', 'why; required for skip and done')
    .action(async (action, step, { environment, reason }) => {
      const said = { step, verdict: verdictOf(action, reason), actor: actor() };
      await withClient((client, _temporal, place) =>
        tellRun(client, { place, environment }, () => ({ name: 'undo', said })),
      );
      say(`Said ${action} for ${step}. Watch on: bin/windlass status -e ${environment} --watch`);
    });
}

function verdictOf(action: Verdict['action'], reason: string | undefined): Verdict {
  if (action === 'retry') return { action };
  if (reason) return { action, reason };
  throw new Failure({
    code: 'USAGE',
    what: `\`undo ${action}\` needs a reason`,
    why: 'the ledger keeps why something was left behind',
    fix: 'Add --reason and a sentence.',
  });
}
