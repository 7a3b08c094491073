import { chown, mkdir } from 'node:fs/promises';
import { runCommand } from '../child.ts';
import { unprivileged } from '../run-as.ts';

/** Makes a 0700 folder that belongs to the user under which Postgres runs. */
export async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) return;
  const uid = Number(await runCommand(unprivileged('id', ['-u'])));
  const gid = Number(await runCommand(unprivileged('id', ['-g'])));
  await chown(path, uid, gid);
}
