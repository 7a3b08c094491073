import { link, open, rename, unlink } from 'node:fs/promises';

/** Replaces a file in one step, on disk when it returns; only its owner can read it. */
export async function replaceWhole(file: string, value: unknown): Promise<void> {
  await rename(await written(file, value), file);
}

/** Creates a file in one step, and says whether it was us: false where it existed before. */
export async function createWhole(file: string, value: unknown): Promise<boolean> {
  const draft = await written(file, value);
  try {
    await link(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    await unlink(draft);
  }
}

async function written(file: string, value: unknown): Promise<string> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  await handle.writeFile(`${JSON.stringify(value)}\n`);
  await handle.sync();
  await handle.close();
  return draft;
}
