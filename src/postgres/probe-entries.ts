import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { temporaryFolder } from '../temporary-folder.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { postgresProgram } from './programs.ts';
import type { Refused, Restore } from './restore.ts';
import { clientFailed, runClient } from './run.ts';
import type { Entry } from './toc.ts';

const rows = new Set(['TABLE DATA', 'BLOB', 'BLOBS', 'MATERIALIZED VIEW DATA', 'SEQUENCE SET']);

/**
 * Which of these entries a database does not take, all of them found in one transaction that is
 * rolled back: each entry alone, without rows. What only rows would show is not found.
 */
export async function probeEntries(
  login: Login,
  restore: Restore,
  entries: readonly Entry[],
): Promise<readonly Refused[]> {
  const shapes = entries.filter(({ kind }) => !rows.has(kind));
  const [head = '', ...parts] = (await scriptOf(login, restore, shapes)).split(
    /^(?=-- TOC entry )/m,
  );
  const refused: Refused[] = [];
  await withClient(login, async (client) => {
    await client.query(`begin; set local lock_timeout = '10s'; ${head}`);
    for (const part of parts) {
      const entry = Number(/^-- TOC entry (\d+)/.exec(part)?.[1] ?? -1);
      const why = await attempt(client, part);
      if (why !== undefined) refused.push({ entry, why });
    }
    await client.query('rollback');
  });
  return refused;
}

async function attempt(client: pg.Client, statements: string): Promise<string | undefined> {
  await client.query('savepoint entry');
  try {
    await client.query(`${statements}\n; release savepoint entry`);
    return undefined;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    await client.query('rollback to savepoint entry; release savepoint entry');
    return error.message;
  }
}

/** As pg_restore writes it for psql, without the words that only psql understands. */
async function scriptOf(
  login: Login,
  { dump, signal }: Restore,
  entries: readonly Entry[],
): Promise<string> {
  const folder = await temporaryFolder('restore');
  try {
    const list = join(folder, 'list');
    await writeFile(list, `${entries.map(({ line }) => line).join('\n')}\n`);
    const args = ['--verbose', `--use-list=${list}`, '--file=-'];
    const run = { program: postgresProgram('pg_restore'), args, login, signal };
    const ended = await runClient(run, { input: dump(), sink: text });
    if (!ended.ok) throw clientFailed(run, ended);
    return ended.output.replaceAll(/^\\.*$/gm, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
