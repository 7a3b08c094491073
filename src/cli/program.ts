import { Command } from '@commander-js/extra-typings';
import { approveCommand } from './commands/approve.ts';
import { backupCommand } from './commands/backup.ts';
import { backupsCommand } from './commands/backups.ts';
import { deployCommand } from './commands/deploy.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { migrateV1Command } from './commands/migrate-v1.ts';
import { driftCommand } from './commands/drift.ts';
import { drillCommand } from './commands/drill.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { planCommand } from './commands/plan.ts';
import { recoverCommand } from './commands/recover.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { releasesCommand } from './commands/releases.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { stateCommand } from './commands/state.ts';
import { secretsCommand } from './commands/secrets.ts';
import { statusCommand } from './commands/status.ts';
import { uiCommand } from './commands/ui.ts';
import { undoCommand } from './commands/undo.ts';
import { exitCodeMeanings } from './exit-codes.ts';

/** The command line; every command throws what it cannot do. */
export function program() {
  const codes = Object.entries(exitCodeMeanings).map(
    ([code, text]) => `  ${code.padEnd(4)} ${text}`,
  );
  const root = new Command('windlass')
    .description('Deploys a whole environment as one release that winds itself back.')
    .addHelpText('after', `\nExit codes:\n${codes.join('\n')}`)
    .exitOverride()
    .showSuggestionAfterError();
  for (const command of [
    deployCommand(),
    planCommand(),
    statusCommand(),
    rollbackCommand(),
    secretsCommand(),
    recoverCommand(),
    backupCommand(),
    backupsCommand(),
    driftCommand(),
    drillCommand(),
    scheduleCommand(),
    releasesCommand(),
    ledgerCommand(),
    rehearseCommand(),
    approveCommand(),
    undoCommand(),
    stateCommand(),
    migrateV1Command(),
    uiCommand(),
    sandboxCommand(),
  ])
    root.addCommand(command.exitOverride());
  return root;
}
