import { setInterval } from 'node:timers';
import { openClient } from './connect.ts';
import type { Login } from './connect.ts';
import { sessionName } from './session-name.ts';

/** Who keeps a migration's session waiting, in words: `pid 12 (app, idle in transaction …)`. */
export interface Holders {
  /** Those seen last while something waited; empty where nothing ever did. */
  readonly seen: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const everyMs = 400; // well below the shortest lock timeout, 1 s

/** Watches which sessions this run's migrations wait for. It never fails: it only explains. */
export async function watchHolders(login: Login, runId: string): Promise<Holders> {
  const client = await openClient(login).catch(() => undefined);
  if (!client) return { seen: () => [], stop: () => Promise.resolve() };
  let seen: readonly string[] = [];
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    const { rows } = await client.query<{ holder: string }>(blocking, [`${sessionName(runId)} `]);
    if (rows.length > 0) seen = rows.map(({ holder }) => holder);
  };
  const timer = setInterval(() => {
    asking ??= ask()
      .catch(() => undefined)
      .finally(() => (asking = undefined));
  }, everyMs);
  const stop = async () => {
    clearInterval(timer);
    await asking;
    await client.end().catch(() => undefined);
  };
  return { seen: () => seen, stop };
}

const blocking = `
select distinct format('pid %s (%s%s, %s%s%s)', b.pid, coalesce(nullif(b.application_name, ''), 'no application name'),
  coalesce(', user ' || b.usename, ''), coalesce(b.state, 'state unknown'),
  coalesce(', transaction since ' || to_char(b.xact_start at time zone 'UTC', 'HH24:MI:SS') || ' UTC', ''),
  case when b.state is null then '' else ', query: ' || left(regexp_replace(b.query, '\\s+', ' ', 'g'), 60) end)
  as holder
from pg_stat_activity w cross join unnest(pg_blocking_pids(w.pid)) as blocker
  join pg_stat_activity b on b.pid = blocker
where w.datname = current_database() and starts_with(w.application_name, $1)
  and w.wait_event_type = 'Lock'
order by 1`;
