import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { cutTail } from '../../releases/cut-tail.ts';
import { LedgerEntry, beginning } from '../../releases/ledger-entry.ts';
import { downloadLedger, ledgerInBucket, ledgerInFolder } from '../../releases/ledger-files.ts';
import { readLedger } from '../../releases/ledger.ts';
import { foreseeMending, mendLedger } from '../../releases/mend-ledger.ts';
import { refuseBroken } from '../../releases/refuse-broken.ts';
import type { LedgerFile, Verified } from '../../releases/verify-ledger.ts';
import { verifyLedger } from '../../releases/verify-ledger.ts';
import { actLine } from '../../words.ts';
import { confirm } from '../confirm.ts';
import { sayFailure } from '../output/failure.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { readStored } from '../../stored-json.ts';

/** `windlass ledger [verify|download]`: every run of an environment, hash-chained. */
export function ledgerCommand() {
  return new Command('ledger')
    .description('list every run of an environment, or verify the ledger')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(verifyCommand())
    .addCommand(downloadCommand())
    .addCommand(mendCommand());
}

function listCommand() {
  return source(new Command('list').description('every run, oldest first')).action(
    async ({ json, ...where }) => {
      const files = await filesOf(where);
      const entries = files.map(({ name, text }) =>
        readStored(text, { schema: LedgerEntry, what: 'The ledger', where: name, fix: lookCloser }),
      );
      if (json) return answerJson(entries);
      for (const { number, at, kind, outcome, release, actor, failedStep, acts = [] } of entries) {
        const remark = failedStep === undefined ? '' : ` at ${failedStep}`;
        answer(`${number}  ${at}  ${kind} ${release?.id ?? '-'} by ${actor}: ${outcome}${remark}`);
        for (const act of acts) answer(`    ${actLine(act)}`);
      }
      say(`head ${entries.at(-1)?.hash ?? 'none'}`);
    },
  );
}

const lookCloser =
  'Run `windlass ledger verify -e ENVIRONMENT`; `windlass ledger repair` restores entries.';

function verifyCommand() {
  return source(new Command('verify').description('find a changed, missing or reordered entry'))
    .option(
      '--head <hash>',
      'the hash that the last entry must have: detects removed entries at the end',
    )
    .action(async ({ json, head, ...where }) => {
      const found = await verified(where, head);
      if (json) answerJson(found);
      else for (const { name, problem } of found.breaks) answer(`${name}: ${problem}`);
      if (found.breaks.length > 0) return sayBroken(found.breaks.length, where.environment);
      if (!json) answer(`${found.entries} entries, unbroken; head ${found.head ?? 'none'}`);
    });
}

/** A chain in the bucket that lost its newest entry holds together: only older generations tell. */
async function verified(where: Where, head: string | undefined): Promise<Verified> {
  const found = verifyLedger(await filesOf(where), head);
  if (where.file !== undefined || where.environment === undefined || found.breaks.length > 0)
    return found;
  const site = await siteOf(projectPlace(), where.environment);
  const end = { length: found.entries, head: found.head ?? beginning };
  return { ...found, breaks: await cutTail(site, end) };
}

function mendCommand() {
  return new Command('repair')
    .alias('mend')
    .description('restore changed or removed entries from older generations in the bucket')
    .requiredOption('-e, --environment <name>', 'whose ledger')
    .option('--yes', 'do not ask')
    .action(async ({ environment, yes }) => {
      const site = await siteOf(projectPlace(), environment);
      const mending = await foreseeMending(site);
      refuseBroken(site, mending.beyond);
      for (const { name } of mending.back) answer(`${name}: restored as it was written`);
      for (const name of mending.aside) answer(`${name}: is not a ledger entry, removed`);
      if (mending.back.length + mending.aside.length === 0) return answer('nothing to repair');
      await confirm(environment, yes === true);
      await mendLedger(site, mending);
      const entries = await readLedger(site);
      answer(`${entries.length} entries, unbroken; head ${entries.at(-1)?.hash ?? 'none'}`);
    });
}

function downloadCommand() {
  return new Command('download')
    .description('copy the ledger into a folder, to verify it elsewhere')
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
    what: 'No ledger specified',
    why: 'neither an environment nor a folder was given',
    fix: 'Add `-e production`, or `--file FOLDER` for a downloaded one.',
  });
}

/** Ends with 1: the check itself went well. */
function sayBroken(count: number, environment = 'ENVIRONMENT'): void {
  sayFailure({
    code: 'LEDGER_BROKEN',
    what: `The ledger was changed (${count} findings)`,
    why: 'an entry was changed, removed or moved, or the end was cut off',
    fix: `The bucket is versioned: \`windlass ledger repair -e ${environment}\` restores what was written first. Find out who changed it.`,
  });
  process.exitCode = 1;
}
