import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { runCommand } from '../child.ts';
import { unprivileged } from '../run-as.ts';
import { ownFolder } from './own-folder.ts';
import { serverPrograms } from './server-programs.ts';
import { singleUser } from './template.ts';

/** Copies the template to `data` with passwords of its own; a finished copy is left as it is. */
export async function newCluster(
  template: string,
  data: string,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  if (existsSync(data)) return;
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await ownFolder(draft);
  await runCommand(unprivileged('cp', ['-a', `${template}/.`, draft]));
  await singleUser(draft, passwordStatements(passwords));
  const sync = ['--sync-only', '-D', draft];
  await runCommand(unprivileged(join(serverPrograms(), 'initdb'), sync));
  await rename(draft, data);
}

// Single-user mode ends a statement at `;` and an empty line.
function passwordStatements(passwords: Readonly<Record<string, string>>): string {
  return Object.entries(passwords)
    .map(([role, password]) => {
      const name = pg.escapeIdentifier(role);
      return `alter role ${name} with password ${pg.escapeLiteral(password)};\n\n`;
    })
    .join('');
}
