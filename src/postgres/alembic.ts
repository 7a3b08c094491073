import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { assertMayWrite } from '../lease/fence.ts';
import { startMigrations } from './migrations-process.ts';
import type { MigrationsProcess } from './migrations-process.ts';
import type { Login } from './connect.ts';
import { withPassfile } from './passfile.ts';
import { watchHolders } from './holders.ts';
import { migrationFailed } from './migration-failed.ts';
import { movesByProgram, withOwnLogin } from './program-login.ts';
import type { Guards } from './why-stays.ts';
import { refusedByLocks } from './refused-by-locks.ts';
import { libpqEnvironment } from './run.ts';
import { endSessionsOf, sessionName } from './session-name.ts';
import { withStartSettings } from './with-start-settings.ts';
import { urlHost, wireUser } from './wire-user.ts';

export type MigrationVerb = 'prove' | 'status' | 'review' | 'sql' | 'upgrade' | 'downgrade';

/** What the migrations program is asked for: folders by service, and a revision by service. */
export interface MigrationCall {
  readonly verb: MigrationVerb;
  readonly folders: Readonly<Record<string, string>>;
  readonly at?: Readonly<Record<string, string | null>>;
  /** By service and revision: what a downgrade asks when nobody can write there any longer. */
  readonly guards?: Readonly<Record<string, Guards>>;
  /** Services whose program may change what was there before: somebody accepted it by name. */
  readonly accepted?: readonly string[];
}

const Revision = z.object({
  revision: z.string(),
  down: z.union([z.string(), z.array(z.string())]).nullable(),
  kind: z.string().nullable(),
});
export type Revision = z.infer<typeof Revision>;

const Line = z.object({
  service: z.string(),
  error: z.string().optional(),
  /** SQLSTATE of the error, where the database gave one. */
  sqlstate: z.string().nullish(),
  /** The type of the exception. */
  exception: z.string().nullish(),
  /** The code of the failure, where a program of the user's is to blame. */
  code: z.string().nullish(),
  /** What was in force for the revision that failed, in seconds. */
  limits: z
    .object({ lock: z.number(), patience: z.number(), statement: z.number().nullable() })
    .optional(),
  /** The revision that locks keep back: it is rolled back, and tried again soon. */
  waits: z.string().optional(),
  why: z.string().optional(),
  /** The revision that failed, where one was under way. */
  failed: z.string().nullish(),
  heads: z.array(z.string()).optional(),
  /** What the revisions are written for; absent = Alembic. */
  tool: z.enum(['alembic', 'sql', 'command']).optional(),
  revisions: z.array(Revision).optional(),
  /** Where the schema stands when all is done. */
  at: z.string().nullish(),
  applied: z.string().optional(),
  undone: z.string().optional(),
  sql: z.string().optional(),
  reviews: z.array(z.unknown()).optional(),
  /** Rows that a transaction is about to commit, by table; tables with another file; its id. */
  wrote: z.record(z.string(), z.number()).optional(),
  moved: z.array(z.string()).optional(),
  xid: z.string().optional(),
  /** What was done where nobody counts rows. */
  unseen: z.string().optional(),
  /** Where a failure left the schema. */
  stands: z.string().nullish(),
});
export type MigrationLine = z.infer<typeof Line>;

/** The arguments of the migrations program; the database and its password travel otherwise. */
export function migrationArgs({
  verb,
  folders,
  at = {},
  accepted = [],
}: MigrationCall): readonly string[] {
  const marks = Object.entries(at).filter(
    ([service, mark]) => Object.hasOwn(folders, service) && (mark !== null || verb === 'downgrade'),
  );
  return [
    verb,
    ...marks.flatMap(([name, mark]) => [
      verb === 'downgrade' ? '--to' : '--from',
      `${name}=${mark ?? 'base'}`,
    ]),
    ...accepted.map((name) => `--accepted=${name}`),
    ...Object.entries(folders).map(([name, folder]) => `${name}=${folder}`),
  ];
}

/** How long a revision may wait, in seconds: `migrations` of windlass.yaml. */
export interface MigrationLimits {
  readonly lockTimeout: number;
  readonly patience: number;
  readonly statementTimeout?: number | undefined;
}

export interface MigrationRun {
  readonly login?: Login | undefined;
  /** Who may see what others do, to name who holds a lock; absent = `login`. */
  readonly watcher?: Login | undefined;
  readonly runId?: string | undefined;
  readonly limits?: MigrationLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: MigrationLine) => void) | undefined;
  /** The program, where it was started ahead; the caller ends it. */
  readonly program?: MigrationsProcess | undefined;
}

/**
 * Runs the migrations of all services, one after the other; a Failure names service and revision. However
 * it ends, no session of it is left in the database.
 */
export async function runMigrations(
  call: MigrationCall,
  run: MigrationRun,
): Promise<readonly MigrationLine[]> {
  const { login, runId = 'by-hand' } = run;
  if (Object.keys(call.folders).length === 0) return []; // a system without a schema of its own
  if (!login) return linesOf(call, run, nothingSeen);
  const holders = await watchHolders(run.watcher ?? login, runId);
  try {
    const move = (by: Login) =>
      withStartSettings(by, (at) => linesOf(call, { ...run, login: at }, holders.seen));
    return (await movesByProgram(call)) ? await withOwnLogin(login, move) : await move(login);
  } catch (error) {
    // A program that was stopped leaves its statement running until the server notices.
    await endSessionsOf(login, runId).catch(() => undefined);
    throw error;
  } finally {
    await holders.stop();
  }
}

async function linesOf(
  call: MigrationCall,
  run: MigrationRun,
  holders: () => readonly string[],
): Promise<readonly MigrationLine[]> {
  if (run.program) return answersOf(call, run, { program: run.program, holders });
  using program = startMigrations();
  return await answersOf(call, run, { program, holders });
}

interface Asking {
  readonly program: MigrationsProcess;
  readonly holders: () => readonly string[];
}

async function answersOf(
  call: MigrationCall,
  { login: asked = nowhere, signal, onLine, limits, runId = 'by-hand' }: MigrationRun,
  { program, holders }: Asking,
): Promise<readonly MigrationLine[]> {
  return withPassfile(asked, async (passfile, login) => {
    assertMayWrite();
    // Beside the passfile, which goes when the program has ended.
    const guards = join(dirname(passfile), 'guards.json');
    await writeFile(guards, JSON.stringify(call.guards ?? {}), { mode: 0o600 });
    const { PATH: _, ...libpq } = libpqEnvironment(login, passfile);
    const env = {
      ...libpq,
      PGAPPNAME: sessionName(runId),
      WINDLASS_DATABASE_URL: addressOf(login),
      WINDLASS_GUARDS: guards,
    };
    const lines: MigrationLine[] = [];
    const hear = (text: string): void => {
      const line = Line.parse(JSON.parse(text));
      lines.push(line);
      onLine?.(line);
    };
    const args = [...migrationArgs(call), ...limitArgs(limits)];
    const end = await program.carryOut({ args, env }, hear, signal);
    const broken = lines.find(({ error }) => error !== undefined);
    if (broken ?? (end && end.exitCode !== 0)) {
      signal?.throwIfAborted();
      if (!broken && end?.isTerminated) throw interrupted(call.verb);
      throw (
        refusedByLocks(call.verb, broken, holders()) ??
        migrationFailed(call.verb, broken, end?.stderr ?? '')
      );
    }
    return lines;
  });
}

function limitArgs(limits: MigrationLimits | undefined): readonly string[] {
  if (!limits) return [];
  const { lockTimeout, patience, statementTimeout } = limits;
  const most = statementTimeout === undefined ? [] : [`--statement-timeout=${statementTimeout}`];
  return [`--lock-timeout=${lockTimeout}`, `--patience=${patience}`, ...most];
}

function interrupted(verb: MigrationVerb): Failure {
  return new Failure({
    code: 'MIGRATION_INTERRUPTED',
    what: `The ${verb} of the schemas was interrupted`,
    why: 'the migration process was killed, for example by lack of memory',
    fix: 'The next attempt checks the revision of each schema and continues from there.',
    class: 'retry',
  });
}

const nothingSeen = (): readonly string[] => [];

/** The address without the password, which libpq reads from the passfile. */
function addressOf(login: Login): string {
  const { host, port, database } = login;
  return `postgresql+psycopg://${encodeURIComponent(wireUser(login))}@${urlHost(host)}:${port}/${database}`;
}

/** `status` and `sql` read files alone; env.py still wants an address. */
const nowhere: Login = {
  host: '127.0.0.1',
  port: 1,
  user: 'nobody',
  password: '',
  database: 'none',
};
