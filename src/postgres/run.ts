import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { databaseLost, saysLost } from './lost.ts';
import { withPassfile } from './passfile.ts';
import { tlsFor } from './tls.ts';
import { wireUser } from './wire-user.ts';

/** A client program of Postgres and what it is told; the login never stands in `args`. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly login: Login;
  readonly signal?: AbortSignal | undefined;
}

/** How a client program ended, and what `sink` made of its output. */
export interface Ended<T = string> {
  readonly ok: boolean;
  readonly output: T;
  readonly stderr: string;
}

/** What goes in and what becomes of what comes out. */
export interface Streams<T> {
  /** What the program reads; it need not read it to its end. Absent = nothing. */
  readonly input?: AsyncIterable<Buffer>;
  readonly sink: (output: AsyncIterable<Buffer>) => Promise<T>;
}

/**
 * Runs a client program between two streams. Answers how it ended; a Failure where the input or
 * the sink broke, the server went away or the run was stopped.
 */
export async function runClient<T>(run: Run, { input, sink }: Streams<T>): Promise<Ended<T>> {
  return withPassfile(run.login, async (passfile, login) => {
    const { execa } = await import('execa');
    const child = execa(run.program, [...roleArguments(run.program, login), ...run.args], {
      ...options({ ...run, login }, passfile),
      stdin: input ? 'pipe' : 'ignore',
      buffer: { stdout: false },
    });
    const stop = (error: unknown) => {
      child.kill();
      return { error };
    };
    const feeding = feed(input, child.stdin).then(() => ({}), stop);
    const sinking = sink(child.stdout).then((output) => ({ output }), stop);
    const [fed, sunk, result] = await Promise.all([feeding, sinking, child]);
    if ('error' in fed) throw fed.error;
    if ('error' in sunk) throw sunk.error;
    const { failed, stderr } = result;
    if (failed && (saysLost(stderr) || isInterrupted(result))) throw clientFailed(run, result);
    return { ok: !failed, output: sunk.output, stderr };
  });
}

/** The Failure for a program that did not succeed, with its last lines. */
export function clientFailed({ program }: Pick<Run, 'program'>, result: Result): Failure {
  const name = program.split('/').at(-1) ?? program;
  const interrupted = isInterrupted(result);
  const output = withoutProgress(result.stderr) || (result.message ?? '');
  if (!interrupted && saysLost(output)) return databaseLost(lastLines(output));
  if (/canceling statement due to lock timeout/.test(output)) return tableHeld(name, output);
  return new Failure({
    code: 'POSTGRES_CLIENT_FAILED',
    what: interrupted ? `${name} was stopped` : `${name} failed`,
    why: lastLines(output),
    fix: 'Fix what its last lines report, then run the command again.',
    class: interrupted ? 'retry' : 'undo',
  });
}

function tableHeld(name: string, output: string): Failure {
  return new Failure({
    code: 'TABLE_LOCKED',
    what: `${name} timed out waiting for a table that another session locks`,
    why: lastLines(output),
    fix: 'It is retried automatically. Find that session in pg_stat_activity (pg_blocking_pids).',
    class: 'retry',
  });
}

/** Without what `--verbose` says of each step. */
function withoutProgress(output: string): string {
  const lines = output.split('\n');
  return lines.filter((line) => !/^pg_\w+: (?!error|warning|detail|hint)/.test(line)).join('\n');
}

interface Result {
  readonly stderr: string;
  readonly message?: string | undefined;
  readonly isCanceled?: boolean;
  readonly isTerminated?: boolean;
}

function isInterrupted({ isCanceled, isTerminated }: Result): boolean {
  return isCanceled === true || isTerminated === true;
}

function options({ login, signal }: Run, passfile: string) {
  return {
    // Its words are read: they must not depend on the machine's language.
    env: { ...libpqEnvironment(login, passfile), LC_ALL: 'C' },
    extendEnv: false,
    reject: false,
    maxBuffer: 64 * 1024 * 1024,
    ...(signal ? { cancelSignal: signal } : {}),
  };
}

async function feed(input: AsyncIterable<Buffer> | undefined, stdin: Writable | null) {
  if (input === undefined || stdin === null) return;
  await pipeline(input, stdin).catch((error: unknown) => {
    // A program that has what it wants goes without reading the rest.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code)) throw error;
  });
}

/** The whole environment of a libpq program, from an allow-list: nothing of ours leaks into it. */
export function libpqEnvironment(login: Login, passfile: string): Record<string, string> {
  const inherited = ['PATH', 'LANG', 'TMPDIR'].flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...tlsFor(login).libpq,
    PGHOST: login.host,
    PGPORT: String(login.port),
    PGUSER: wireUser(login),
    PGDATABASE: login.database,
    PGPASSFILE: passfile,
    PGCONNECT_TIMEOUT: '15',
    PGAPPNAME: 'windlass',
    ...(login.actsAs !== undefined && { PGOPTIONS: `-c role=${login.actsAs}` }),
  };
}

/** pg_dump and pg_restore act as a role by a word of their own, also where a pooler drops options. */
function roleArguments(program: string, { actsAs }: Login): readonly string[] {
  return actsAs !== undefined && /pg_(dump|restore)$/.test(program) ? [`--role=${actsAs}`] : [];
}

/** The end of a program's output: what a report can hold. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
