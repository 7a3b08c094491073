import { Failure } from '../failure.ts';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import { postgresProgram } from './programs.ts';

/** The major version of the server, such as 17. */
export async function serverMajor(login: Login): Promise<number> {
  const { rows } = await withClient(login, (client) =>
    client.query<{ version: string }>(`select current_setting('server_version_num') as version`),
  );
  return Math.floor(Number(rows[0]?.version) / 10_000);
}

/** The major version of our pg_dump. */
export async function clientMajor(): Promise<number> {
  const { execa } = await import('execa');
  const { stdout } = await execa(postgresProgram('pg_dump'), ['--version'], { extendEnv: false });
  return majorOf(stdout);
}

/** Throws a Failure unless pg_dump and the server have the same major version. */
export async function requireSameMajor(login: Login): Promise<void> {
  const [server, client] = await Promise.all([serverMajor(login), clientMajor()]);
  if (server === client) return;
  throw new Failure({
    code: 'POSTGRES_MAJOR_DIFFERS',
    what: `pg_dump ${client} cannot back up Postgres ${server}`,
    why: 'A dump is only guaranteed to restore if client and server have the same major version.',
    fix: `Set WINDLASS_POSTGRES_BIN to the folder of a Postgres ${server} client.`,
  });
}

/** The major version in `pg_dump (PostgreSQL) 17.10`. */
export function majorOf(words: string): number {
  return Number(/ (\d+)(?:\.|\s|$)/.exec(words)?.[1]);
}
