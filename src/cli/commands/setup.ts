import { Command } from '@commander-js/extra-typings';
import { ensureTools } from '../ensure-tools.ts';
import { answer } from '../output/say.ts';
import { preflight } from '../../doctor/preflight.ts';
import { pythonTools } from '../../program-files.ts';

/** `windlass setup`: installs what is missing, ahead of the first command that needs it. */
export function setupCommand() {
  return new Command('setup')
    .description('install what is missing: Temporal, Postgres, Alembic')
    .action(async () => {
      await preflight();
      await ensureTools();
      answer(`Everything is installed; Temporal, Postgres and Alembic are in ${pythonTools()}.`);
    });
}
