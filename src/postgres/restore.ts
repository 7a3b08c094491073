import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { postgresProgram } from './programs.ts';
import { ensureRoles } from './roles.ts';
import { runClient } from './run.ts';
import { servicesOnly, signInRows } from './restore-list.ts';

/** A dump and what of it to restore. */
export interface Restore {
  readonly file: string;
  readonly services: readonly string[];
  /** `whole` (default) for an empty schema `auth`, `rows` where the platform has made its tables. */
  readonly signIns?: 'whole' | 'rows';
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
    // The sign-ins first: once the services' tables stand, the database counts as restored.
    if (restore.signIns === 'rows') await restoreSignIns(login, { toc, folder, file, signal });
    const services = [...strict(login), `--use-list=${list}`, file];
    await runClient({ program, args: services, login, signal });
    if (restore.signIns === 'rows') return;
    const signIns = ['--schema=auth', '--no-owner', '--no-privileges', file];
    await runClient({ program, args: [...strict(login), ...signIns], login, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface SignIns extends Pick<Restore, 'file' | 'signal'> {
  readonly toc: string;
  readonly folder: string;
}

/** Users and their identities into the platform's own tables; sessions must begin anew. */
async function restoreSignIns(login: Login, { toc, folder, file, signal }: SignIns): Promise<void> {
  const there = await withClient(login, (client) => client.query('select from auth.users limit 1'));
  if (there.rows.length > 0) return;
  const list = join(folder, 'sign-ins');
  await writeFile(list, signInRows(toc));
  const args = [...strict(login), '--data-only', `--use-list=${list}`, file];
  await runClient({ program: postgresProgram('pg_restore'), args, login, signal });
}

function strict({ database }: Login): readonly string[] {
  return ['--exit-on-error', '--single-transaction', '--no-password', `--dbname=${database}`];
}
