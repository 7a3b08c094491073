import { z } from 'zod';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { sweepTrialLogins } from './trial-login.ts';
import { dropDatabase, tryTrialLock } from './trial-database.ts';

/** What a sweep dropped, and what looks like a trial database but does not say whose. */
export interface Swept {
  readonly dropped: readonly string[];
  readonly unknown: readonly string[];
}

const Mark = z.object({ windlass: z.literal('trial'), environment: z.string(), id: z.string() });

/**
 * Drops the trial databases that dead runs of the environment left. Only what carries the
 * environment's mark, and whose lock nobody holds: a run that lives keeps its own.
 */
export async function sweepTrialDatabases(admin: Login, environment: string): Promise<Swept> {
  await sweepTrialLogins(admin);
  return withClient(admin, async (client) => {
    const { rows } = await client.query<{ name: string; mark: string | null }>(query);
    const dropped: string[] = [];
    const unknown: string[] = [];
    for (const { name, mark } of rows) {
      const of = environmentOf(mark);
      if (of === undefined) unknown.push(name);
      if (of !== environment || !(await tryTrialLock(client, name))) continue;
      await dropDatabase(admin, name);
      dropped.push(name);
    }
    return { dropped, unknown };
  });
}

function environmentOf(mark: string | null): string | undefined {
  try {
    return Mark.parse(JSON.parse(mark ?? '')).environment;
  } catch {
    return undefined;
  }
}

const query = `
select datname as name, shobj_description(oid, 'pg_database') as mark from pg_database
where datname like 'windlass\\_trial\\_%' order by 1`;
