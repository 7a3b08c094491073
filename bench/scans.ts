import { proveMigrations } from '../src/migration-proof/prove.ts';
import type { TableContent } from '../src/postgres/content-digest.ts';
import { query } from '../test/examples/database.ts';
import { history } from '../test/postgres/history.ts';
import { loginOf } from '../test/postgres/login.ts';

/** How often the proof of a migration read the whole of a table that the migration wrote. */
export interface Scans {
  readonly seconds: number;
  readonly scans: number;
}

/**
 * Proves a revision that adds a column to `journal.big` and fills some rows by its key (up, down and
 * up again) on this very database, and reads how many sequential scans of that table it took.
 */
export async function scansOfProof(
  admin: string,
  content: readonly TableContent[],
): Promise<Scans> {
  await query(admin, `alter table journal.big owner to journal_owner`);
  await query(
    admin,
    `set role journal_owner; create table journal.alembic_version (version_num varchar(32) primary key);
     insert into journal.alembic_version values ('r1')`,
  );
  const made = await history('journal', [
    { up: 'select 1', down: 'select 1' },
    {
      up: 'alter table journal.big add column seen int; update journal.big set seen = 1 where id <= 100',
      down: 'alter table journal.big drop column seen',
    },
  ]);
  const before = await scansNow(admin);
  const begun = Date.now();
  const limits = { lockTimeout: 3, patience: 60 };
  const run = { runId: 'ffffffff-2222', limits };
  await proveMigrations(loginOf(admin), { folders: made.folders, run, content });
  const seconds = (Date.now() - begun) / 1000;
  await made.remove();
  return { seconds, scans: (await scansNow(admin)) - before };
}

async function scansNow(admin: string): Promise<number> {
  const [row] = await query(
    admin,
    `select seq_scan::int as scans from pg_stat_user_tables where relid = 'journal.big'::regclass`,
  );
  return Number(row?.['scans']);
}
