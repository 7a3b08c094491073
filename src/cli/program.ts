import { Command } from '@commander-js/extra-typings';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { exitCodeMeanings } from './exit-codes.ts';
import { programVersion } from '../program-files.ts';
import { visible } from './output/visible.ts';

// Each is loaded when it is asked for: all of them together take longer than most of them do.
const commands: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand(),
  deploy: async () => (await import('./commands/deploy.ts')).deployCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  rollback: async () => (await import('./commands/rollback.ts')).rollbackCommand(),
  secrets: async () => (await import('./commands/secrets.ts')).secretsCommand(),
  recover: async () => (await import('./commands/recover.ts')).recoverCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  backups: async () => (await import('./commands/backups.ts')).backupsCommand(),
  bootstrap: async () => (await import('./commands/bootstrap.ts')).bootstrapCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  drift: async () => (await import('./commands/drift.ts')).driftCommand(),
  drill: async () => (await import('./commands/drill.ts')).drillCommand(),
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand(),
  releases: async () => (await import('./commands/releases.ts')).releasesCommand(),
  ledger: async () => (await import('./commands/ledger.ts')).ledgerCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand(),
  cancel: async () => (await import('./commands/cancel.ts')).cancelCommand(),
  approve: async () => (await import('./commands/approve.ts')).approveCommand(),
  undo: async () => (await import('./commands/undo.ts')).undoCommand(),
  state: async () => (await import('./commands/state.ts')).stateCommand(),
  'migrate-v1': async () => (await import('./commands/migrate-v1.ts')).migrateV1Command(),
  ui: async () => (await import('./commands/ui.ts')).uiCommand(),
  lock: async () => (await import('./commands/lock.ts')).lockCommand(),
  setup: async () => (await import('./commands/setup.ts')).setupCommand(),
  sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand(),
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
  const one = Object.entries(commands).filter(([name]) => name === asked);
  const wanted = one.length > 0 ? one : Object.entries(commands);
  for (const command of await Promise.all(wanted.map(([, load]) => load())))
    root.addCommand(command);
  tellUs(root);
  return root;
}

/** A wrong call is thrown, at whatever depth; what commander says of it holds words of the call. */
function tellUs(command: CommandUnknownOpts): void {
  command.exitOverride();
  command.configureOutput({ writeErr: (text) => process.stderr.write(visible(text)) });
  for (const below of command.commands) tellUs(below);
}
