import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import { readFingerprint } from './fingerprint.ts';
import { differences } from './differences.ts';
import { restoreInto } from './restore.ts';
import { countRows } from './row-counts.ts';
import { createTrialDatabase } from './trial-database.ts';

/** A dump to try; `id` names the scratch database, so that a second try finds the first one's. */
export interface Trial {
  readonly id: string;
  readonly file: string;
  readonly services: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Restores a dump into a scratch database of the same server and compares it with the real one:
 * rows per table, and roles, tables, policies and grants. Answers the scratch database's login;
 * the caller drops it with `dropTrialDatabase`. A Failure names the first differences.
 */
export async function trialRestore(admin: Login, trial: Trial): Promise<Login> {
  const { services, file, signal } = trial;
  const scratch = await createTrialDatabase(admin, trial.id);
  await withClient(scratch, (client) => client.query('create schema if not exists auth'));
  await restoreInto(scratch, { file, services, signal });
  const [before, after] = [await picture(admin, services), await picture(scratch, services)];
  const found = differences(before, after);
  if (found.length === 0) return scratch;
  throw new Failure({
    code: 'BACKUP_NOT_EQUAL',
    what: 'The backup does not restore to what was backed up',
    why: found.slice(0, 8).join('\n'),
    fix: 'Nothing was changed. If users wrote in these seconds, run the command again.',
    class: 'retry',
  });
}

async function picture(login: Login, services: readonly string[]) {
  const { parts } = await readFingerprint(login, services);
  return { ...parts, rows: await countRows(login, [...services, 'auth']) };
}
