import { Command } from '@commander-js/extra-typings';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { exitCodeMeanings } from './exit-codes.ts';
import { programVersion } from '../program-files.ts';
import { visible } from './output/visible.ts';

type Table = Readonly<Record<string, () => Promise<CommandUnknownOpts>>>;

// Each is loaded when it is asked for: all of them together take longer than most of them do.
const groups: Readonly<Record<string, Table>> = {
  'Change an environment': {
    deploy: async () => (await import('./commands/deploy.ts')).deployCommand(),
    rollback: async () => (await import('./commands/rollback.ts')).rollbackCommand(),
    approve: async () => (await import('./commands/approve.ts')).approveCommand(),
    cancel: async () => (await import('./commands/cancel.ts')).cancelCommand(),
    undo: async () => (await import('./commands/undo.ts')).undoCommand(),
    destroy: async () => (await import('./commands/destroy.ts')).destroyCommand(),
    secrets: async () => (await import('./commands/secrets.ts')).secretsCommand(),
    'migrate-v1': async () => (await import('./commands/migrate-v1.ts')).migrateV1Command(),
  },
  'Look at it': {
    plan: async () => (await import('./commands/plan.ts')).planCommand(),
    status: async () => (await import('./commands/status.ts')).statusCommand(),
    history: async () => (await import('./commands/history.ts')).historyCommand(),
    logs: async () => (await import('./commands/logs.ts')).logsCommand(),
    diff: async () => (await import('./commands/diff.ts')).diffCommand(),
    drift: async () => (await import('./commands/drift.ts')).driftCommand(),
    report: async () => (await import('./commands/report.ts')).reportCommand(),
    open: async () => (await import('./commands/open.ts')).openCommand(),
    ui: async () => (await import('./commands/ui.ts')).uiCommand(),
  },
  'Keep and restore': {
    releases: async () => (await import('./commands/releases.ts')).releasesCommand(),
    ledger: async () => (await import('./commands/ledger.ts')).ledgerCommand(),
    backup: async () => (await import('./commands/backup.ts')).backupCommand(),
    backups: async () => (await import('./commands/backups.ts')).backupsCommand(),
    recover: async () => (await import('./commands/recover.ts')).recoverCommand(),
    state: async () => (await import('./commands/state.ts')).stateCommand(),
    drill: async () => (await import('./commands/drill.ts')).drillCommand(),
    rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand(),
    schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand(),
  },
  'Set up': {
    init: async () => (await import('./commands/init.ts')).initCommand(),
    doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
    bootstrap: async () => (await import('./commands/bootstrap.ts')).bootstrapCommand(),
    lock: async () => (await import('./commands/lock.ts')).lockCommand(),
    setup: async () => (await import('./commands/setup.ts')).setupCommand(),
    sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand(),
    completion: async () => (await import('./commands/completion.ts')).completionCommand(),
  },
};

const commands: Table = Object.fromEntries(
  Object.values(groups).flatMap((table) => Object.entries(table)),
);

// For programs alone: no help lists them.
const hidden: Table = {
  'complete-line': async () =>
    (await import('./commands/complete-line.ts')).completeLineCommand({
      commands: Object.keys(commands),
      command: async (name) => commands[name]?.(),
    }),
};

/**
 * The command line with the command that is asked for, or with all of them where that is none; every
 * command throws what it cannot do.
 */
export async function program(asked?: string) {
  const codes = Object.entries(exitCodeMeanings).map(
    ([code, text]) => `  ${code.padEnd(4)} ${text}`,
  );
  const root = new Command('windlass')
    .description('Deploys a whole environment as one release that rolls itself back.')
    .version(programVersion(), '-V, --version', 'show the version of Windlass')
    .addHelpText('after', `\nExit codes:\n${codes.join('\n')}`)
    .showSuggestionAfterError();
  await addTo(root, asked);
  tellUs(root);
  return root;
}

async function addTo(root: Command, asked: string | undefined): Promise<void> {
  const one = hidden[asked ?? ''];
  if (one) root.addCommand(await one(), { hidden: true });
  const known = Object.hasOwn(commands, asked ?? '');
  for (const [group, table] of Object.entries(groups)) {
    const wanted = Object.entries(table).filter(([name]) => !known || name === asked);
    if (!one)
      for (const command of await Promise.all(wanted.map(([, load]) => load())))
        root.addCommand(command.helpGroup(`${group}:`));
  }
}

/** A wrong call is thrown, at whatever depth; what commander says of it holds words of the call. */
function tellUs(command: CommandUnknownOpts): void {
  command.exitOverride();
  command.configureOutput({ writeErr: (text) => process.stderr.write(visible(text)) });
  for (const below of command.commands) tellUs(below);
}
