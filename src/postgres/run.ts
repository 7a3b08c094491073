import { execa } from 'execa';
import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { withPassfile } from './passfile.ts';
import { tlsFor } from './tls.ts';

/** A client program of Postgres and what it is told; the login never stands in `args`. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly login: Login;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a client program to its end; a Failure with its last lines where it does not succeed. */
export async function runClient({ program, args, login, signal }: Run): Promise<string> {
  return withPassfile(login, async (passfile) => {
    const result = await execa(program, args, {
      env: libpqEnvironment(login, passfile),
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      ...(signal ? { cancelSignal: signal } : {}),
    });
    if (!result.failed) return result.stdout;
    throw failed(program, result.stderr || (result.message ?? ''), {
      interrupted: result.isCanceled || result.isTerminated,
    });
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
    PGUSER: login.user,
    PGDATABASE: login.database,
    PGPASSFILE: passfile,
    PGCONNECT_TIMEOUT: '15',
    PGAPPNAME: 'windlass',
  };
}

/** The end of a program's output: what a report can hold. */
export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

function failed(program: string, output: string, end: { readonly interrupted: boolean }): Failure {
  const name = program.split('/').at(-1) ?? program;
  return new Failure({
    code: 'POSTGRES_CLIENT_FAILED',
    what: end.interrupted ? `${name} was stopped` : `${name} failed`,
    why: lastLines(output),
    fix: 'Mend what its last lines name, then run the command again.',
    class: end.interrupted ? 'retry' : 'undo',
  });
}
