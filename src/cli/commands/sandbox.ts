import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { readAddressBook } from '../../address-book.ts';
import { projectPlace } from '../../place.ts';
import { environmentOf, readConfig } from '../../config/read-config.ts';
import { ensureTools } from '../ensure-tools.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { requireHome } from '../require-home.ts';
import { sandboxDown, sandboxUp } from '../sandbox-process.ts';
import { clearFault, plantFault } from '../sandbox-faults.ts';
import { spend } from '../sandbox-spend.ts';
import { endRuns } from '../../stacks/end-runs.ts';
import { ensureWorker, stopWorker, workerPid } from '../worker-process.ts';

/** `windlass sandbox up|down|status|v1|spend|fault`: the embedded clouds and the worker. */
export function sandboxCommand() {
  return new Command('sandbox')
    .description('start, stop or inspect the local sandbox')
    .addCommand(new Command('up').description('start the sandbox').action(up))
    .addCommand(new Command('down').description('stop the sandbox').action(down))
    .addCommand(new Command('status').description('show what runs, and where').action(status))
    .addCommand(
      new Command('v1')
        .description('recreate the services through API v1, to try migrate-v1')
        .addOption(environmentOption())
        // Its parts take long to load, and the other commands are many.
        .action(async (asked) => (await import('../sandbox-v1.ts')).runOnV1(asked)),
    )
    .addCommand(spendCommand())
    .addCommand(
      new Command('fault')
        .description('inject a fault: foundation supabase migrate services smoke promote')
        .argument('<name>')
        .argument('[service]', 'the service that it affects')
        .option('--clear', 'remove the fault')
        .action(async (name, service, { clear }) => {
          const home = projectPlace().home;
          answer(await (clear ? clearFault(home, name) : plantFault(home, name, service)));
        }),
    );
}

function spendCommand() {
  return new Command('spend')
    .description('publish a budget notification with this amount spent')
    .argument('<amount>', 'such as 78.10, of the budget’s 100', money)
    .option('--forecast <amount>', 'forecast for the whole month; default: the same', money)
    .addOption(environmentOption())
    .action(async (amount, { forecast, environment }) => {
      const { root, home } = projectPlace();
      const { project } = environmentOf(await readConfig(root), environment);
      const budgets = await spend(home, { project, amount, forecast });
      answer(`${budgets.join(', ')}: ${amount} spent. Reported by the next drift check:`);
      answer(`  bin/windlass drift -e ${environment}`);
    });
}

function money(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give an amount such as 78.10.');
}

async function up(): Promise<void> {
  const place = projectPlace();
  await requireHome(place.home);
  await ensureTools();
  await sandboxUp(place, await readConfig(place.root));
  await ensureWorker(place);
  await status();
}

async function down(): Promise<void> {
  const place = projectPlace();
  const worker = await stopWorker(place);
  // While the clouds still answer: terraform writes its state, and leaves no lock.
  await endRuns(place.home);
  await sandboxDown(place);
  answer(
    `The sandbox${worker ? ' and its worker are' : ' is'} stopped; its data stays in ${place.home}.`,
  );
}

async function status(): Promise<void> {
  const place = projectPlace();
  const book = await readAddressBook(place.home);
  const pid = await workerPid(place);
  answer(`worker         ${pid === undefined ? 'not running' : `runs (pid ${pid})`}`);
  if (!book) return answer('sandbox        was never started');
  answer(`google         ${await state(`${book.google}/_sandbox/health`)}  ${book.google}`);
  answer(`supabase       ${await state(book.supabase)}  ${book.supabase}`);
  answer(`temporal ui    ${await state(book.temporal.ui)}  ${book.temporal.ui}`);
}

async function state(url: string): Promise<string> {
  return fetch(url).then(
    () => 'up  ',
    () => 'down',
  );
}
