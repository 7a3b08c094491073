import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Login } from './connect.ts';
import type { DumpSource } from './dump.ts';
import { postgresProgram } from './programs.ts';
import { clientFailed, runClient } from './run.ts';
import type { Ended } from './run.ts';
import type { Entry } from './toc.ts';

/** A dump, and where it goes. */
export interface Restore {
  readonly dump: DumpSource;
  readonly signal?: AbortSignal | undefined;
}

/** What `pg_restore --list` says of a dump. */
export async function listDump(login: Login, { dump, signal }: Restore): Promise<string> {
  const run = { program: postgresProgram('pg_restore'), args: ['--list'], login, signal };
  const ended = await runClient(run, { input: dump(), sink: text });
  if (!ended.ok) throw clientFailed(run, ended);
  return ended.output;
}

/** How `pg_restore` ended that was given these entries of a dump, in the dump's own order. */
export async function restoreEntries(
  login: Login,
  { dump, signal }: Restore,
  { entries, args }: { readonly entries: readonly Entry[]; readonly args: readonly string[] },
): Promise<Ended> {
  if (entries.length === 0) return { ok: true, output: '', stderr: '' };
  const folder = await temporaryFolder('restore');
  try {
    const list = join(folder, 'list');
    await writeFile(list, `${entries.map(({ line }) => line).join('\n')}\n`);
    // Without it pg_restore does not say which entry an error is about.
    const where = [
      '--verbose',
      '--no-password',
      `--dbname=${login.database}`,
      `--use-list=${list}`,
    ];
    const program = postgresProgram('pg_restore');
    const run = { program, args: [...where, ...args], login, signal };
    return await runClient(run, { input: dump(), sink: text });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One thing that could not be brought back. */
export interface Refused {
  readonly entry: number;
  readonly why: string;
}

/** What pg_restore said of each entry that it could not restore, by the entries' numbers. */
export function refusedEntries(stderr: string): readonly Refused[] {
  const found: Refused[] = [];
  let entry = -1;
  for (const line of stderr.split('\n')) {
    const from = /from TOC entry (\d+);/.exec(line)?.[1];
    if (from !== undefined) entry = Number(from);
    const why = /^pg_restore: error: (?:could not execute query: )?(?:ERROR: +)?(.+)$/.exec(
      line,
    )?.[1];
    if (why !== undefined) found.push({ entry, why });
  }
  return found;
}
