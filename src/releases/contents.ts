import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { migrationFiles } from '../config/migrations.ts';
import { gatherImages } from '../images/gather-images.ts';
import type { Image } from '../images/image.ts';
import type { ImageRoom } from '../images/image-room.ts';
import { requireSources } from '../config/read-config.ts';
import { stackNames } from '../deploy.ts';
import { programFile } from '../program-files.ts';
import { lockFileText, readProvidersLock } from '../providers/lock-file.ts';
import { formatFile, formatOf } from './format.ts';
import { programFiles, smokeFiles } from './smoke-files.ts';
import { toolVersions } from './tool-versions.ts';

/** The files of a release by their path in the bundle, and the images that it runs. */
export interface Contents {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Per service: the digest of its image, or the whole reference where windlass.yaml gives one. */
  readonly images: Readonly<Record<string, string>>;
  readonly built: Readonly<Record<string, Image>>;
}

const leftOut = /(^|\/)(\.terraform|__pycache__|tests|\.venv)(\/|$)|\.(ts|pyc|tfstate|lock\.hcl)$/;

/**
 * Gathers what a release is made of: the working tree, and the Terraform that Windlass brings; without a room for images nothing is built
 * but what the sandbox runs as processes.
 */
export async function gatherContents(
  root: string,
  config: Config,
  room?: ImageRoom,
): Promise<Contents> {
  requireSources(root, config, room?.environment);
  const files = new Map<string, Buffer>();
  const add = async (folder: string, as: string): Promise<void> => {
    for (const path of await filesBelow(folder))
      files.set(`${as}/${path}`, await readFile(join(folder, path)));
  };
  for (const part of ['infra/modules', 'infra/stacks']) await add(programFile(part), part);
  for (const [name, service] of Object.entries(config.services)) {
    const found = migrationFiles(service);
    if (found?.program) {
      for (const [path, bytes] of await programFiles(join(root, found.folder)))
        files.set(`migrations/${name}/command/${path}`, bytes);
      files.set(`migrations/${name}/command.json`, json(found.program));
    }
    if (found?.tool === 'sql') await add(join(root, found.folder), `migrations/${name}/sql`);
    if (found?.tool !== 'alembic') continue;
    await add(join(root, found.folder, 'migrations'), `migrations/${name}/migrations`);
    const ini = await readFile(join(root, found.folder, 'alembic.ini'));
    files.set(`migrations/${name}/alembic.ini`, ini);
  }
  for (const [path, content] of await smokeFiles(root, config)) files.set(path, content);
  for (const [path, content] of await providersLock(root)) files.set(path, content);
  if (config.access !== undefined)
    files.set('access.yaml', await readFile(join(root, config.access)));
  const { images, built, facts } = await gatherImages(root, config, room);
  files.set('images.json', json(images));
  files.set('builds.json', json({ version: 1, services: facts }));
  files.set('windlass.json', json(config));
  files.set(formatFile, json({ version: formatOf(config) }));
  files.set('tools.json', json(await toolVersions()));
  return { files, images, built };
}

/** Beside each stack, where Terraform looks for it. */
async function providersLock(root: string): Promise<ReadonlyMap<string, Buffer>> {
  const text = await lockFileText(root);
  if (text === undefined) return new Map();
  readProvidersLock(text);
  const content = Buffer.from(text);
  return new Map(stackNames.map((name) => [`infra/stacks/${name}/.terraform.lock.hcl`, content]));
}

/** The id of a release: the first 12 hex digits of the digest over every path and content. */
export function releaseId(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path}\0${createHash('sha256').update(content).digest('hex')}\n`);
  return `r-${hash.digest('hex').slice(0, 12)}`;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !leftOut.test(path))
    .sort();
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
