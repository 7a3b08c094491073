import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Login } from './connect.ts';
import { postgresProgram } from './programs.ts';
import { ensureRoles } from './roles.ts';
import { runClient } from './run.ts';
import { servicesOnly } from './restore-list.ts';

/** A dump and what of it to restore. */
export interface Restore {
  readonly file: string;
  readonly services: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Restores the services' schemas and the sign-ins into a database whose services' schemas are
 * missing or empty. Roles and schemas come from `ensureRoles`, all else from the dump. The
 * sign-ins need an empty schema `auth`.
 */
export async function restoreInto(login: Login, restore: Restore): Promise<void> {
  const { file, signal } = restore;
  await ensureRoles(login, restore.services);
  const folder = await mkdtemp(join(tmpdir(), 'windlass-restore-'));
  const program = postgresProgram('pg_restore');
  try {
    const toc = await runClient({ program, args: ['--list', file], login, signal });
    const list = join(folder, 'list');
    await writeFile(list, servicesOnly(toc));
    const services = [...strict(login), `--use-list=${list}`, file];
    await runClient({ program, args: services, login, signal });
    const signIns = ['--schema=auth', '--no-owner', '--no-privileges', file];
    await runClient({ program, args: [...strict(login), ...signIns], login, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function strict({ database }: Login): readonly string[] {
  return ['--exit-on-error', '--single-transaction', '--no-password', `--dbname=${database}`];
}
