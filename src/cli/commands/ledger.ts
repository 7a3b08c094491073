import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { LedgerEntry } from '../../releases/ledger-entry.ts';
import { downloadLedger, ledgerInBucket, ledgerInFolder } from '../../releases/ledger-files.ts';
import type { LedgerFile } from '../../releases/verify-ledger.ts';
import { verifyLedger } from '../../releases/verify-ledger.ts';
import { answer, answerJson, say } from '../output/say.ts';

/** `windlass ledger [verify|download]`: every run of an environment, hash-chained. */
export function ledgerCommand() {
  return new Command('ledger')
    .description('list every run of an environment, or check that nobody changed the list')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(verifyCommand())
    .addCommand(downloadCommand());
}

function listCommand() {
  return source(new Command('list').description('every run, oldest first')).action(
    async ({ json, ...where }) => {
      const files = await filesOf(where);
      const entries = files.map(({ text }) => LedgerEntry.parse(JSON.parse(text)));
      if (json) return answerJson(entries);
      for (const { number, at, kind, outcome, release, actor, failedStep } of entries) {
        const remark = failedStep === undefined ? '' : ` at ${failedStep}`;
        answer(`${number}  ${at}  ${kind} ${release?.id ?? '-'} by ${actor}: ${outcome}${remark}`);
      }
      say(`head ${entries.at(-1)?.hash ?? 'none'}`);
    },
  );
}

function verifyCommand() {
  return source(new Command('verify').description('find a changed, missing or reordered entry'))
    .option('--head <hash>', 'the hash that the last entry must have: finds a cut tail')
    .action(async ({ json, head, ...where }) => {
      const found = verifyLedger(await filesOf(where), head);
      if (json) answerJson(found);
      else for (const { name, problem } of found.breaks) answer(`${name}: ${problem}`);
      if (found.breaks.length > 0) throw broken(found.breaks.length);
      if (!json) answer(`${found.entries} entries, unbroken; head ${found.head ?? 'none'}`);
    });
}

function downloadCommand() {
  return new Command('download')
    .description('copy the ledger into a folder, for checking it elsewhere')
    .argument('<folder>')
    .requiredOption('-e, --environment <name>', 'whose ledger')
    .action(async (folder, { environment }) => {
      const count = await downloadLedger(await siteOf(projectPlace(), environment), folder);
      answer(`${count} entries in ${folder}`);
    });
}

function source<A extends unknown[], O extends Record<string, unknown>>(command: Command<A, O>) {
  return command
    .option('-e, --environment <name>', 'whose ledger')
    .option('--file <folder>', 'a downloaded ledger instead; needs no cloud')
    .option('--json', 'as JSON');
}

interface Where {
  readonly environment?: string | undefined;
  readonly file?: string | undefined;
}

async function filesOf({ environment, file }: Where): Promise<readonly LedgerFile[]> {
  if (file !== undefined) return ledgerInFolder(file);
  if (environment !== undefined) return ledgerInBucket(await siteOf(projectPlace(), environment));
  throw new Failure({
    code: 'USAGE',
    what: 'Whose ledger?',
    why: 'neither an environment nor a folder was named',
    fix: 'Add `-e production`, or `--file FOLDER` for a downloaded one.',
  });
}

function broken(count: number): Failure {
  return new Failure({
    code: 'LEDGER_BROKEN',
    what: `The ledger is not as it was written (${count} findings)`,
    why: 'an entry was changed, removed or moved, or the end was cut off',
    fix: 'The bucket is versioned: compare the older generations of the entries that are named.',
  });
}
