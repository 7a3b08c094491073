import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { giveAway } from './server-user.ts';

/** Makes a 0700 folder that belongs to the user under which Postgres runs. */
export async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  giveAway(path);
}

/** Makes a folder through which that user comes to its own, whatever the umask; nobody can list it. */
export async function passableFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o711);
}

/** Writes a 0600 file that belongs to the user under which Postgres runs; whole or not at all. */
export async function ownedFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  giveAway(`${path}.new`);
  await rename(`${path}.new`, path);
}
