import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../child.ts';
import { unprivileged } from '../run-as.ts';
import { authSchema } from './auth-schema.ts';
import { baseRoles } from './base-roles.ts';
import { reloadTrigger } from './reload-trigger.ts';
import { ownedFile, ownFolder, passableFolder } from './own-folder.ts';
import { serverPrograms } from './server-programs.ts';

const initdbArguments = [
  ...['-U', 'supabase_admin', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin'],
  ...['--builtin-locale=C.UTF-8', '--auth=scram-sha-256', '--wal-segsize=4', '--no-instructions'],
];

/** Makes the cluster that every project starts from, once per folder; later calls find it. */
export async function clusterTemplate(folder: string): Promise<string> {
  const template = join(folder, 'data');
  if (existsSync(template)) return template;
  await passableFolder(folder);
  const draft = join(folder, 'draft');
  await rm(draft, { recursive: true, force: true });
  await ownFolder(draft);
  await initdb(draft, join(folder, 'password'));
  await singleUser(draft, [baseRoles, authSchema, reloadTrigger].join('\n'));
  await rename(draft, template);
  return template;
}

/** Runs statements as superuser in a cluster that is not running; each ends with `;` + blank line. */
export async function singleUser(data: string, sql: string): Promise<void> {
  const args = ['--single', '-j', '-D', data, '-c', 'exit_on_error=on', 'postgres'];
  await runCommand(unprivileged(join(serverPrograms(), 'postgres'), args), sql);
}

// Nobody logs in with this password: each project gets its own before its first start.
async function initdb(data: string, passwordFile: string): Promise<void> {
  await ownedFile(passwordFile, randomBytes(24).toString('hex'));
  const args = ['-D', data, `--pwfile=${passwordFile}`, ...initdbArguments];
  await runCommand(unprivileged(join(serverPrograms(), 'initdb'), args));
  await rm(passwordFile);
}
