import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { requireSameMajor } from './major.ts';
import { platformSchemas, platformSchemasQuery } from './platform.ts';
import { postgresProgram } from './programs.ts';
import { clientFailed, runClient } from './run.ts';

/** A dump (custom format) that can be read from its beginning as often as it is asked for. */
export type DumpSource = () => AsyncIterable<Buffer>;

interface Dumping {
  /** One that is held open; absent = the present. */
  readonly snapshot?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Dumps the user's part of the database into `sink`, as it is in the snapshot: every schema that is
 * not the platform's, with what users hung on the platform's tables, and the sign-ins. A Failure
 * where pg_dump is of another major version than the server.
 */
export async function dumpDatabase<T>(
  login: Login,
  { snapshot, signal }: Dumping,
  sink: (dump: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  await requireSameMajor(login);
  const without = await withClient(login, (client) =>
    client.query<{ name: string }>(platformSchemasQuery),
  );
  const args = dumpArguments(
    without.rows.map(({ name }) => name),
    snapshot,
  );
  const run = { program: postgresProgram('pg_dump'), args, login, signal };
  const ended = await runClient(run, { sink });
  if (!ended.ok) throw clientFailed(run, ended);
  return ended.output;
}

/** pg_dump's words: level 1 costs little and takes most of what compression can take. */
function dumpArguments(excluded: readonly string[], snapshot?: string): readonly string[] {
  const how = ['--format=custom', '--compress=1', '--no-password', '--lock-wait-timeout=10000'];
  const shapes = Object.entries(platformSchemas).filter(([, part]) => part === 'shape');
  const without = [
    ...excluded.map((schema) => `--exclude-schema="${schema}"`),
    ...shapes.map(([schema]) => `--exclude-table-data="${schema}".*`),
  ];
  return [...how, ...without, ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`])];
}
