import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { MigrationProgram } from '../../src/config/migrations.ts';
import { temporaryFolder } from '../setup/process.ts';

type Files = Readonly<Record<string, string>>;

/** A schema that a program moves, as a release lays it out: by default the one below. */
export async function programFiles(
  service: string,
  files: Files,
  program: Partial<MigrationProgram> = {},
) {
  const folder = join(await temporaryFolder('program'), service);
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  await write('command/migrate.mjs', migrate);
  for (const [name, text] of Object.entries(files)) await write(`command/${name}`, text);
  const up = ['node', 'migrate.mjs', 'up'];
  await write('command.json', JSON.stringify({ up, timeout: 60, table: 'applied', ...program }));
  const remove = () => rm(join(folder, '..'), { recursive: true, force: true });
  return { folders: { [service]: folder }, write, remove };
}

/**
 * A migrator as people have them: its own table, each file in a transaction of its own, the last taken
 * back by `down`.
 */
export const migrate = `
import { readdirSync, readFileSync } from 'node:fs';
import pg from ${JSON.stringify(resolve('node_modules/pg/esm/index.mjs'))};

const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
await client.query('create table if not exists applied (id serial primary key, name text)');
const { rows } = await client.query('select name from applied order by id');
const known = rows.map(({ name }) => name);
const run = async (file, book, name) => {
  await client.query('begin');
  await client.query(readFileSync(file, 'utf8'));
  await client.query(book, [name]);
  await client.query('commit');
};
const all = readdirSync('.').filter((name) => name.endsWith('.up.sql')).sort();
if (process.argv[2] === 'up')
  for (const name of all.filter((one) => !known.includes(one)))
    await run(name, 'insert into applied (name) values ($1)', name);
else
  for (const name of known.slice(-1))
    await run(name.replace('.up.', '.down.'), 'delete from applied where name = $1', name);
await client.end();
`;
