import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file in one step, on disk when it returns; only its owner can read it. */
export async function replaceWhole(file: string, value: unknown): Promise<void> {
  await rename(await written(file, value), file);
}

/** Creates a text file in one step, unless it is there. */
export async function createText(file: string, text: string): Promise<boolean> {
  return linked(await writtenText(file, text), file);
}

/** Creates a file in one step, and says whether it was us: false where it existed before. */
export async function createWhole(file: string, value: unknown): Promise<boolean> {
  return linked(await written(file, value), file);
}

async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    await unlink(draft);
  }
}

/** Replaces a text file in one step. */
export async function replaceText(file: string, text: string): Promise<void> {
  await rename(await writtenText(file, text), file);
}

async function written(file: string, value: unknown): Promise<string> {
  return writtenText(file, `${JSON.stringify(value)}\n`);
}

async function writtenText(file: string, text: string): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await openIn(draft);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return draft;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // half of it, on a full disk
    throw error;
  }
}

async function openIn(draft: string) {
  await mkdir(dirname(draft), { recursive: true });
  return open(draft, 'w', 0o600);
}
