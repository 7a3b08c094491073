import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { invalid } from '../google/http.ts';
import type { World } from '../world.ts';
import type { Mount } from './mount-namespace.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';
import { readSecret, secretFiles } from './secret-refs.ts';
import { ingressContainer, readTemplate } from './template.ts';

/** Where the secrets of all revisions lie while they run; nobody else may enter it. */
export const secretRoot = (world: World): string => join(world.folder, 'secret-volumes');

/** Writes the secret volumes of a revision below a private folder and says what to mount where. */
export function writeSecretFolder(world: World, revision: RevisionRecord): readonly Mount[] {
  const template = readTemplate(revision.template);
  const folder = folderOf(world, revision);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(secretRoot(world), { recursive: true, mode: 0o700 });
  const account = template.serviceAccount ?? '';
  for (const file of secretFiles(template, partsOf(revision.name).project)) {
    const path = join(folder, file.volume, inside(file.path));
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, readSecret(world, file, account), { mode: 0o600 });
    chmodSync(path, file.mode);
  }
  const secretVolumes = (template.volumes ?? []).filter(({ secret }) => secret !== undefined);
  return (ingressContainer(template).volumeMounts ?? [])
    .filter(({ name }) => secretVolumes.some((volume) => volume.name === name))
    .map(({ name, mountPath }) => ({ source: join(folder, name), target: normalize(mountPath) }));
}

/** Removes what `writeSecretFolder` wrote. */
export function removeSecretFolder(world: World, revision: RevisionRecord): void {
  rmSync(folderOf(world, revision), { recursive: true, force: true });
}

function folderOf(world: World, revision: RevisionRecord): string {
  return join(secretRoot(world), partsOf(revision.name).project, shortName(revision.name));
}

function inside(path: string): string {
  const clean = normalize(path);
  if (isAbsolute(clean) || clean.startsWith('..')) throw invalid(`Invalid path '${path}'.`);
  return clean;
}
