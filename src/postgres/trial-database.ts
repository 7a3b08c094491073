import pg from 'pg';
import { Failure } from '../failure.ts';
import { openClient, withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { bringExtensions } from './bring-extensions.ts';
import { databaseSettings } from './database-settings.ts';

/** Whose scratch database it is: the environment and the run, which its mark names. */
export interface TrialOwner {
  readonly environment: string;
  /** The run's, shortened to what a database's name may hold. */
  readonly id: string;
}

/**
 * Lends `work` an empty database beside the real one, which is dropped afterwards. A session holds
 * its lock as long as it is in use, so that a sweep knows it from one that a dead run left.
 */
export async function onTrialDatabase<T>(
  admin: Login,
  owner: TrialOwner,
  work: (trial: Login) => Promise<T>,
): Promise<T> {
  const holder = await openClient(admin);
  const database = trialName(owner.id);
  try {
    await takeTrialLock(holder, database);
    await createTrialDatabase({ admin, holder }, owner);
    try {
      return await work({ ...admin, database });
    } finally {
      // What cannot be dropped now, the next run's sweep drops.
      await dropDatabase(admin, database).catch(() => undefined);
    }
  } finally {
    await holder.end().catch(() => undefined);
  }
}

/** `windlass_trial_` and the id in characters that need no quotes; Postgres cuts at 63. */
export function trialName(id: string): string {
  return `windlass_trial_${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`.slice(0, 63);
}

/** Drops a database, also under sessions that still use it. */
export async function dropDatabase(admin: Login, database: string): Promise<void> {
  const name = pg.escapeIdentifier(database);
  await withClient(admin, (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** The lock of whoever uses a trial database; it ends with the session. */
export async function tryTrialLock(client: pg.Client, database: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as got',
    [lockClass, database],
  );
  return rows[0]?.got === true;
}

// Any number does, if all use the same: the ASCII codes of "wtrl".
const lockClass = 0x77_74_72_6c;

async function takeTrialLock(client: pg.Client, database: string): Promise<void> {
  if (await tryTrialLock(client, database)) return;
  throw new Failure({
    code: 'TRIAL_DATABASE_BUSY',
    what: `Another attempt of this run still uses ${database}`,
    why: 'the session that holds its lock has not ended',
    fix: 'It is retried automatically; the lock ends with that session.',
    class: 'retry',
  });
}

interface Making {
  readonly admin: Login;
  readonly holder: pg.Client;
}

/** Anew where an attempt of the same run left one; marked before a row is in it. */
async function createTrialDatabase({ admin, holder }: Making, owner: TrialOwner): Promise<void> {
  const database = trialName(owner.id);
  const name = pg.escapeIdentifier(database);
  const isThere = await refuseUnmarked({ admin, holder }, database, markOf(owner));
  if (isThere) await dropDatabase(admin, database);
  await holder.query(`create database ${name} template template0`);
  // What a power cut takes of it is no loss.
  const settings = [...(await databaseSettings(holder)), 'synchronous_commit = off'];
  await holder.query(
    [
      `comment on database ${name} is ${pg.escapeLiteral(markOf(owner))}`,
      // It will hold a copy of the users' rows: no service may look into it.
      `revoke all on database ${name} from public`,
      // A short-lived login does not inherit the owner's right to connect.
      `grant connect on database ${name} to session_user`,
      ...settings.map((setting) => `alter database ${name} set ${setting}`),
    ].join(';'),
  );
  await bringExtensions(holder, { ...admin, database });
}

/** Whether one is there; one that does not say that this run made it goes only where nothing is in it. */
async function refuseUnmarked(
  { admin, holder }: Making,
  database: string,
  mark: string,
): Promise<boolean> {
  const { rows } = await holder.query<{ mark: string | null }>(markQuery, [database]);
  const [found] = rows;
  if (!found || found.mark === mark) return found !== undefined;
  // Without any mark it may be this run's, killed before it could write one; then it is empty.
  if (found.mark === null && (await isEmpty({ ...admin, database }))) return true;
  throw new Failure({
    code: 'TRIAL_DATABASE_FOREIGN',
    what: `There is a database ${database} that this run has not made`,
    why: found.mark === null ? 'it has no mark, and tables in it' : `its comment is: ${found.mark}`,
    fix: `Look at what is in it, then rename or drop it (\`drop database ${database}\`) and run the command again.`,
  });
}

const markQuery = `select shobj_description(oid, 'pg_database') as mark from pg_database
where datname = $1`;

async function isEmpty(login: Login): Promise<boolean> {
  const { rows } = await withClient(login, (client) =>
    client.query(`select from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname !~ '^pg_' and nspname <> 'information_schema' limit 1`),
  );
  return rows.length === 0;
}

/** The mark that a trial database carries: JSON, so that a sweep can tell it from anybody's. */
function markOf({ environment, id }: TrialOwner): string {
  return JSON.stringify({ windlass: 'trial', environment, id });
}
