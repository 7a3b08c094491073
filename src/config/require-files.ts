import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Config } from './config.ts';
import { explainIssues } from './explain-issues.ts';
import type { Issue } from './issue.ts';
import { parseYaml } from './parse-yaml.ts';
import { migrationFiles } from './migrations.ts';
import type { MigrationFiles } from './migrations.ts';
import type { Service } from './service.ts';
import { environmentOf } from './read-config.ts';

/** Which of the files that windlass.yaml names are needed. */
interface Needed {
  /** The environment whose keys, tokens and certificates are read on this machine. */
  readonly environment?: string | undefined;
  /** Whether a release is made of the working tree. */
  readonly sources?: boolean | undefined;
}

/**
 * Looks for every file and folder that windlass.yaml names, all at once: a Failure says each that
 * is missing, by its key and line, before anything else is begun.
 */
export async function requireFiles(root: string, config: Config, needed: Needed): Promise<void> {
  const named = [
    ...(needed.sources ? sourcesOf(config) : []),
    ...(needed.environment === undefined ? [] : ownFiles(config, needed.environment)),
  ];
  const found = (await Promise.all(named.map((one) => issueOf(root, one)))).flat();
  const issues = firstOfEach(found);
  if (issues.length === 0) return;
  const text = await readFile(join(root, 'windlass.yaml'), 'utf8').catch(() => '');
  throw explainIssues(issues, parseYaml(text).lineOf);
}

/** A file or folder, and the key that names it. */
interface Named {
  readonly path: readonly string[];
  readonly file: string;
  readonly kind: 'file' | 'folder';
  /** What is to be done where it is not there. */
  readonly fix: string;
  /** Whether it holds a secret, which may be mounted from elsewhere. */
  readonly secret?: boolean;
}

function sourcesOf({ services, access, smoke = [] }: Config): readonly Named[] {
  return [
    ...smoke.flatMap(({ in: file }, at) => {
      const path = ['smoke', String(at), 'in'];
      return file === undefined ? [] : [{ path, file, kind: 'folder' as const, fix: fixIn }];
    }),
    ...(access === undefined
      ? []
      : [{ path: ['access'], file: access, kind: 'file' as const, fix: inventory }]),
    ...Object.entries(services).flatMap(([name, service]) => {
      const { source } = service;
      const path = ['services', name, 'source'];
      const folder = { path, file: source ?? '', kind: 'folder' as const, fix: fixSource };
      return [...(source === undefined ? [] : [folder]), ...revisionsOf(name, service)];
    }),
  ];
}

/** What a tool reads, by the key that says where. */
function revisionsOf(name: string, service: Service): readonly Named[] {
  const found = migrationFiles(service);
  if (!found) return [];
  const { tool, folder } = found;
  const { migrations, source } = service;
  const own = typeof migrations === 'object' && migrations.path !== undefined;
  const at = { path: ['services', name, ...(own ? ['migrations', 'path'] : ['source'])] };
  if (tool !== 'alembic')
    return [{ ...at, file: folder, kind: 'folder', fix: noFolder({ tool, folder, source, own }) }];
  const fix = noMigrations(name);
  return [
    { ...at, file: join(folder, 'alembic.ini'), kind: 'file', fix },
    { ...at, file: join(folder, 'migrations'), kind: 'folder', fix },
  ];
}

function noFolder(
  asked: Pick<MigrationFiles, 'tool' | 'folder'> & Pick<Service, 'source'> & { own: boolean },
): string {
  const { tool, folder, source, own } = asked;
  const what = tool === 'sql' ? 'a file 0001_name.sql' : 'the files that the program reads';
  if (!own) return `Make it, with ${what}, or say where they are: \`path\`.`;
  const below = source === undefined ? '' : `: for one in \`source\` write ${join(source, folder)}`;
  return `Create it, or fix \`path\`, which starts at the folder of windlass.yaml${below}.`;
}

function ownFiles(config: Config, name: string): readonly Named[] {
  const { backup, supabase, target } = environmentOf(config, name);
  const opened = target === 'cloud' ? supabase : undefined; // the sandbox has its own

  const at = ['environments', name];
  const key = 'Make one with `openssl rand -base64 32`, mode 600 (docs/backups.md).';
  const files = [
    [
      ['notify', 'webhookFile'],
      config.notify.webhookFile,
      'Write the webhook’s URL into it, or remove the key.',
    ],
    [[...at, 'backup', 'keyFile'], backup.keyFile, key],
    [
      [...at, 'supabase', 'tokenFile'],
      opened?.tokenFile,
      'Write an access token of the Supabase dashboard into it.',
    ],
    [
      [...at, 'supabase', 'smtpPasswordFile'],
      supabase.smtpPasswordFile,
      'Write the password of `smtp_user` into it, mode 600.',
    ],
    [
      [...at, 'supabase', 'databaseCaFile'],
      opened?.databaseCaFile,
      'Download it from the Supabase dashboard (Database, SSL).',
    ],
  ] as const;
  return files.flatMap(([path, file, fix]) =>
    file === undefined ? [] : [{ path, file, kind: 'file' as const, fix, secret: true }],
  );
}

/** What lies in a folder that is not there says nothing of its own. */
function firstOfEach(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Map<string, Issue>();
  for (const issue of issues) {
    const key = issue.path.join('.');
    seen.set(key, seen.get(key) ?? issue);
  }
  return [...seen.values()];
}

const fixSource = 'Fix `source`, or create that folder.';
const fixIn = 'Fix `in`, or create that folder.';
const inventory =
  'Fix `access`, or create that file: it declares who may do what through the REST API.';
const noMigrations = (name: string) =>
  `Make it with \`alembic init migrations\` in that folder, or set \`services.${name}.migrations: false\`.`;

async function issueOf(
  root: string,
  { path, file, kind, fix, secret }: Named,
): Promise<readonly Issue[]> {
  const found = await stat(resolve(root, file)).catch(() => undefined);
  const right = kind === 'file' ? found?.isFile() : found?.isDirectory();
  if (right) return secret ? [] : linkIssues(root, { path, file });
  const is = found ? `is no ${kind}` : 'does not exist';
  return [{ path, message: `the ${kind} ${file} ${is}`, fix }];
}

/** A link in the project that leads out of it would take along what lies there. */
async function linkIssues(
  root: string,
  { path, file }: Pick<Named, 'path' | 'file'>,
): Promise<readonly Issue[]> {
  const [home, target] = await Promise.all([realpath(root), realpath(resolve(root, file))]);
  const way = relative(home, target);
  if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return [];
  const message = `${file} is a link that leads out of the project`;
  return [{ path, message, fix: 'Put what it leads to into the folder of windlass.yaml.' }];
}
