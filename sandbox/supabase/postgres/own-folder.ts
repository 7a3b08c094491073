import { chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { runCommand } from '../child.ts';
import { unprivileged } from '../run-as.ts';

/** Makes a 0700 folder that belongs to the user under which Postgres runs. */
export async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await giveAway(path);
}

/** Writes a 0600 file that belongs to the user under which Postgres runs; whole or not at all. */
export async function ownedFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await giveAway(`${path}.new`);
  await rename(`${path}.new`, path);
}

async function giveAway(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  owner ??= serverUser();
  const { uid, gid } = await owner;
  await chown(path, uid, gid);
}

let owner: ReturnType<typeof serverUser> | undefined;

async function serverUser() {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number(await runCommand(unprivileged('id', [flag])))),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
