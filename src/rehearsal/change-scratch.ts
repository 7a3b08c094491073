import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Config } from '../config/config.ts';
import { migrationFiles } from '../config/migrations.ts';
import { Failure } from '../failure.ts';
import { databaseServices } from '../services.ts';

/**
 * Gives every step of the next deploy work: another image, a secret, a setting and a migration.
 * Answers the service that they belong to.
 */
export async function changeScratch(
  folder: string,
  config: Config,
  environment: string,
): Promise<string> {
  const [service] = databaseServices(config).filter((name) => isExtensible(config, name));
  const written = service === undefined ? undefined : config.services[service];
  const source = written?.source;
  if (service === undefined || written === undefined || source === undefined)
    throw nothingToMigrate();
  const found = migrationFiles(written);
  if (found?.tool === 'sql') await addSql(join(folder, found.folder), service);
  else await addRevision(join(folder, found?.folder ?? source, 'migrations', 'versions'), service);
  await writeFile(join(folder, source, 'rehearsal.txt'), 'Another image.\n');
  const file = join(folder, 'windlass.yaml');
  const yaml = parseDocument(await readFile(file, 'utf8'));
  yaml.setIn(['services', service, 'secrets', 'rehearsal'], 'generated');
  const setting = ['environments', environment, 'supabase', 'settings', 'site_url'];
  yaml.setIn(setting, 'https://rehearsal.example.com');
  await writeFile(file, String(yaml));
  return service;
}

/** Nobody knows what a program of the user's would take for its next revision. */
function isExtensible({ services }: Config, name: string): boolean {
  const migrations = services[name]?.migrations;
  return typeof migrations !== 'object' || migrations.tool !== 'command';
}

/** A file after all others, with its way back. */
async function addSql(folder: string, service: string): Promise<void> {
  const numbers = (await readdir(folder)).flatMap((name) => /^V?(\d+)_/.exec(name)?.[1] ?? []);
  const next = numbers.map(BigInt).reduce((most, one) => (one > most ? one : most), 0n) + 1n;
  await writeFile(join(folder, `${next}_rehearsal.up.sql`), made(service).join(';\n'));
  await writeFile(join(folder, `${next}_rehearsal.down.sql`), gone(service));
}

async function addRevision(versions: string, service: string): Promise<void> {
  const head = await headOf(versions);
  if (head === undefined) throw nothingToMigrate();
  await writeFile(join(versions, 'rehearsal.py'), revision(service, head));
}

const made = (service: string): readonly string[] => [
  `create table "${service}".rehearsed (id int primary key)`,
  `alter table "${service}".rehearsed enable row level security, force row level security`,
];
const gone = (service: string): string => `drop table "${service}".rehearsed`;

/** The revision that no other one follows; undefined where there are none, or several. */
async function headOf(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.py'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const found = (pattern: RegExp) => texts.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  const older = new Set(found(/^down_revision\b[^=]*=\s*["'](\w+)["']/m));
  const heads = found(/^revision\b[^=]*=\s*["'](\w+)["']/m).filter((one) => !older.has(one));
  return heads.length === 1 ? heads[0] : undefined;
}

function revision(service: string, head: string): string {
  return `"""A table that only a rehearsal makes."""

from alembic import op

revision = "${service}_rehearsal"
down_revision = "${head}"
windlass = "expand"


def upgrade() -> None:
${made(service)
  .map((one) => `    op.execute('${one}')`)
  .join('\n')}


def downgrade() -> None:
    op.execute('${gone(service)}')
`;
}

function nothingToMigrate(): Failure {
  return new Failure({
    code: 'NOTHING_TO_REHEARSE',
    what: 'There is no service whose migrations a rehearsal could extend',
    why: 'no service in windlass.yaml has a source with migrations (alembic or sql) that end in one revision',
    fix: 'Rehearse a project with at least one such service.',
  });
}
