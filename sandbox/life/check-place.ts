import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from '../../src/failure.ts';
import { postgresBin, postgrestBinary } from '../supabase/binaries.ts';
import { databaseFolder } from '../supabase/database-folder.ts';
import { serverPrograms } from '../supabase/postgres/server-programs.ts';
import { unprivilegedBare } from '../supabase/run-as.ts';
import { providerSocket } from './provider-socket.ts';

/**
 * Looks, before anything starts, at what the server of a home needs from the machine; a Failure
 * names what is missing. Answers what the user should know about where things are kept.
 */
export function checkPlace(home: string): readonly string[] {
  postgrestBinary();
  providerSocket(home);
  const programs = serverPrograms();
  const user = databaseUser();
  const wanted = join(home, 'world', 'supabase');
  const folder = databaseFolder(wanted);
  return [
    ...(folder === wanted ? [] : [`the databases are kept in ${folder}`]),
    ...(programs === postgresBin() ? [] : [`Postgres runs from ${programs}`]),
  ].map((line) => `${line}: its user (${user}) cannot use the project's own folder`);
}

// initdb looks its user up by number and ends where there is no name.
function databaseUser(): string {
  const { file, args } = unprivilegedBare('id', ['-un']);
  try {
    const quiet = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync(file, [...args], { cwd: '/', stdio: [...quiet] })
      .toString()
      .trim();
  } catch (cause) {
    throw new Failure({
      code: 'DATABASE_USER_NAMELESS',
      what: 'The user that Postgres would run as has no name',
      why: `initdb needs one, and user id ${process.getuid?.()} is not in /etc/passwd.`,
      fix: 'Add the user to /etc/passwd, or run as one that is in it.',
      cause,
    });
  }
}
