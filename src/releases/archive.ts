import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';

/** The files as one tar; equal files give equal bytes on every machine. */
export async function packFiles(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const folder = await temporaryFolder('bundle');
  try {
    const staged = join(folder, 'files');
    for (const [path, content] of files) {
      await mkdir(dirname(join(staged, path)), { recursive: true });
      await writeFile(join(staged, path), content);
      await chmod(join(staged, path), 0o644); // whatever the umask: it stands in the archive
    }
    const file = join(folder, 'bundle.tar');
    const options = { file, cwd: staged, portable: true, mtime: new Date(0), noMtime: false };
    const { create } = await import('tar');
    await create(options, [...files.keys()].sort());
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unpacks a bundle into an empty folder. */
export async function unpackFiles(archive: Buffer, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const file = join(folder, '.bundle.tar');
  await writeFile(file, archive, { mode: 0o600 });
  const odd: string[] = [];
  const filter = (path: string, entry: object): boolean => {
    const type = 'type' in entry ? String(entry.type) : 'File';
    if (!plain.has(type)) odd.push(`${path} is a ${type}, not a file`);
    return plain.has(type);
  };
  const { extract } = await import('tar');
  await extract({ file, cwd: folder, strict: true, filter });
  await rm(file);
  // A link could lead out of the folder, or stand for a file that the id does not cover.
  if (odd.length > 0) throw new TypeError(odd.join('; '));
}

const plain: ReadonlySet<string> = new Set(['File', 'OldFile', 'Directory']);

/** Every file below a folder, by its path in it. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path), await readFile(path)] as const;
  });
  return new Map(await Promise.all(read));
}

/** Lower-case hex. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
