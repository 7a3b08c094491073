import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { nameServices } from './name-services.ts';

/** A folder that looks like a service. */
export interface FoundService {
  readonly name: string;
  /** Its folder, below the project's; `.` = the project itself. */
  readonly source: string;
  /** The file that gave it away. */
  readonly sign: string;
  readonly dockerfile: boolean;
  /** The port that its Dockerfile exposes. */
  readonly port?: number;
  /** It has revisions: those of Alembic, or plain SQL files. */
  readonly migrations: boolean;
  readonly sql?: true;
}

/** What a folder tells of a service, before it has a name. */
export type Sighted = Omit<FoundService, 'name'>;

const signs = ['Dockerfile', 'package.json', 'go.mod', 'pyproject.toml', 'requirements.txt'];
const depth = 3;
const passedBy =
  /^(\..*|node_modules|vendor|venv|__pycache__|dist|build|target|tests?|docs?|infra|scripts|tools)$/;

/**
 * The services of a repository: every folder with a Dockerfile or a manifest, up to three levels down;
 * the repository itself where there is none below it, or where it alone has a Dockerfile.
 */
export async function findServices(root: string): Promise<readonly FoundService[]> {
  const [own, below] = await Promise.all([sight(root, '.'), sightBelow(root, '.', depth)]);
  const alone = own && (below.length === 0 || (own.dockerfile && !below.some((s) => s.dockerfile)));
  return nameServices(basename(root), alone ? [own] : below);
}

async function sightBelow(root: string, folder: string, levels: number): Promise<Sighted[]> {
  if (levels === 0) return [];
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((one) => one.isDirectory() && !passedBy.test(one.name));
  const found = folders.map(async ({ name }) => {
    const path = join(folder, name);
    const service = await sight(root, path);
    return service ? [service] : sightBelow(root, path, levels - 1);
  });
  return (await Promise.all(found)).flat().sort((a, b) => (a.source < b.source ? -1 : 1));
}

async function sight(root: string, source: string): Promise<Sighted | undefined> {
  const names = await readdir(join(root, source)).catch((): string[] => []);
  const sign = signs.find((one) => names.includes(one));
  if (sign === undefined) return undefined;
  const dockerfile = sign === 'Dockerfile';
  const port = dockerfile ? await exposed(join(root, source, sign)) : undefined;
  const alembic = names.includes('alembic.ini');
  const sql = !alembic && (await holdsSql(join(root, source, 'migrations')));
  const migrations = alembic || sql;
  const rest = { ...(sql && { sql }), ...(port !== undefined && { port }) };
  return { source, sign, dockerfile, migrations, ...rest };
}

async function holdsSql(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.some((name) => /^V?\d+_.+\.sql$/.test(name));
}

/** The first port of the last stage that exposes one. */
async function exposed(dockerfile: string): Promise<number | undefined> {
  const text = await readFile(dockerfile, 'utf8').catch(() => '');
  const port = [...text.matchAll(/^\s*EXPOSE\s+(\d+)/gim)].at(-1)?.[1];
  return port === undefined ? undefined : Number(port);
}
