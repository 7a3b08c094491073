import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { create, extract } from 'tar';

/** The files as one tar; equal files give equal bytes on every machine. */
export async function packFiles(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const folder = await temporaryFolder('bundle');
  try {
    const staged = join(folder, 'files');
    for (const [path, content] of files) {
      await mkdir(dirname(join(staged, path)), { recursive: true });
      await writeFile(join(staged, path), content, { mode: 0o644 });
    }
    const file = join(folder, 'bundle.tar');
    const options = { file, cwd: staged, portable: true, mtime: new Date(0), noMtime: false };
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
  await extract({ file, cwd: folder, strict: true });
  await rm(file);
}

/** Lower-case hex. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
