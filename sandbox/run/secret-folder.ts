import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { invalid } from '../google/http.ts';
import type { World } from '../world.ts';
import type { Mount } from './mount-namespace.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';
import { readSecret, secretFiles } from './secret-refs.ts';
import { ingressContainer, readTemplate } from './template.ts';

/** Where the secrets of all revisions lie while they run; nobody else may enter it. */
export const secretRoot = (world: World): string => join(world.folder, 'secret-volumes');

/**
 * Reads every secret file of a revision as its own account, writes the mounted ones to a private
 * folder that mirrors the mount paths, and says what to mount where.
 */
export function writeSecretFolder(world: World, revision: RevisionRecord): readonly Mount[] {
  const template = readTemplate(revision.template);
  const folder = secretFolder(world, revision);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(secretRoot(world), { recursive: true, mode: 0o700 });
  const account = template.serviceAccount ?? '';
  const files = secretFiles(template, partsOf(revision.name).project).map((file) => ({
    ...file,
    value: readSecret(world, file, account),
  }));
  return (ingressContainer(template).volumeMounts ?? [])
    .map(({ name, mountPath }) => ({
      files: files.filter(({ volume }) => volume === name),
      mount: { source: join(folder, inside(mountPath)), target: normalize(mountPath) },
    }))
    .filter(({ files }) => files.length > 0)
    .map(({ files, mount }) => {
      for (const file of files) writeSecret(mount.source, inside(file.path), file);
      return mount;
    });
}

/** Removes what `writeSecretFolder` wrote. */
export function removeSecretFolder(world: World, revision: RevisionRecord): void {
  rmSync(secretFolder(world, revision), { recursive: true, force: true });
}

/** Where the volumes of a revision lie: `<folder>/<mount path>/<file>`. */
export function secretFolder(world: World, revision: RevisionRecord): string {
  return join(secretRoot(world), partsOf(revision.name).project, shortName(revision.name));
}

function writeSecret(
  source: string,
  name: string,
  file: { readonly value: Buffer; readonly mode: number },
): void {
  const path = join(source, name);
  mkdirSync(dirname(path), { recursive: true });
  // Whatever the umask: a container's own user goes from the mount to the file. Above it nobody else may.
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    chmodSync(folder, 0o755);
    if (folder === source) break;
  }
  writeFileSync(path, file.value, { mode: 0o600 });
  chmodSync(path, file.mode);
}

// The path as a relative one; a path that climbs out of its folder is refused.
function inside(path: string): string {
  const clean = relative('/', normalize(join('/', path)));
  if (clean === '' || normalize(path).startsWith('..')) throw invalid(`Invalid path '${path}'.`);
  return clean;
}
