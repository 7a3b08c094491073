import type pg from 'pg';
import type { LeftOut } from './left-out.ts';
import { isPlatformRole } from './platform.ts';

/** What the database has that no dump holds: said beside every backup, so that nobody counts on it. */
export async function notCarried(client: pg.ClientBase): Promise<readonly LeftOut[]> {
  const triggers = await client.query<{ name: string; owner: string }>(eventTriggers);
  const found: LeftOut[] = triggers.rows.flatMap(({ name, owner }) =>
    isPlatformRole(owner) ? [] : [{ what: `event trigger ${name}`, why: byHand }],
  );
  for (const { table, what, why } of notDumped) {
    const readable = await client.query<{ readable: boolean }>(
      `select coalesce(has_table_privilege(to_regclass($1), 'select'), false) as readable`,
      [table],
    );
    if (readable.rows[0]?.readable !== true) continue;
    const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${table}`);
    const n = Number(rows[0]?.n ?? 0);
    if (n > 0) found.push({ what: `${n} ${what}`, why });
  }
  return found;
}

const byHand = 'a restore does not make it: make it by hand afterwards';

// Those of extensions come with them.
const eventTriggers = `
select evtname as name, evtowner::regrole::text as owner from pg_event_trigger t
where not exists (select from pg_depend where classid = 'pg_event_trigger'::regclass
  and objid = t.oid and deptype = 'e') order by 1`;

const notDumped = [
  {
    table: 'storage.objects',
    what: 'files in Storage',
    why: 'their bytes lie outside of the database: copy the buckets on their own',
  },
  {
    table: 'vault.secrets',
    what: 'secrets of Vault',
    why: 'they are encrypted with a key that only this project has: keep their values elsewhere',
  },
  {
    table: 'cron.job',
    what: 'jobs of pg_cron',
    why: 'one database of a server alone can have them: schedule them again after a restore',
  },
] as const;
