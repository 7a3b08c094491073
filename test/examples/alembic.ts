import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bytecode, postgresPrograms, toolPrograms, wellness } from './names.ts';

const run = promisify(execFile);

/** Alembic's own command line on one service's history. */
export async function alembic(url: string, service: string, ...words: readonly string[]) {
  const config = join(wellness, service, 'alembic.ini');
  const { address, password } = split(url);
  const env = { WINDLASS_DATABASE_URL: address, PGPASSWORD: password, ...bytecode };
  return run(join(toolPrograms, 'alembic'), ['-c', config, ...words], { env });
}

/** The schema as SQL, without rows and without the words that differ at each call. */
export async function schemaText(url: string, schema: string): Promise<string> {
  const { stdout } = await run(join(postgresPrograms(), 'pg_dump'), [
    '--schema-only',
    `--schema=${schema}`,
    `--dbname=${url}`,
  ]);
  return stdout.replaceAll(/^\\(un)?restrict .*$/gm, '');
}

function split(text: string) {
  const url = new URL(text);
  const { password } = url;
  url.password = '';
  url.protocol = 'postgresql+psycopg:';
  return { address: url.href, password };
}
