import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { BuildRecord } from './build-record.ts';
import type { BuildShelf } from './build-record.ts';
import type { Image } from './image.ts';
import { packImage, unpackImage } from './layout.ts';

/** Builds of this machine, so that the sandboxes of a rehearsal build nothing again. */
export interface LocalBuilds extends BuildShelf {
  /** The image of a record that was found here. */
  image(record: BuildRecord): Promise<Image | undefined>;
}

/** The variable that names the folder of this machine's builds; without it, it lies in the home. */
export const cacheVariable = 'WINDLASS_BUILD_CACHE';

const keptDays = 14;

/** The builds that this machine keeps below its home for two weeks after they were last used. */
export function localBuilds(home: string): LocalBuilds {
  const folder = process.env[cacheVariable] ?? join(home, 'builds');
  const fileOf = (input: string, end: string) => join(folder, `${input.replace(':', '-')}${end}`);
  const image = async ({ input, manifest }: BuildRecord) => {
    const packed = await readFile(fileOf(input, '.tar')).catch(() => undefined);
    const found = packed && wholeImage(packed);
    return found?.digest === manifest ? found : undefined;
  };
  return {
    image,
    find: async (input) => {
      const text = await readFile(fileOf(input, '.json'), 'utf8').catch(() => undefined);
      const record = text === undefined ? undefined : BuildRecord.parse(JSON.parse(text));
      if (!record || !(await image(record))) return undefined;
      const now = new Date();
      for (const end of ['.json', '.tar']) await utimes(fileOf(input, end), now, now);
      return record;
    },
    keep: async (record, built) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeWhole(fileOf(record.input, '.tar'), packImage(built));
      await writeWhole(fileOf(record.input, '.json'), `${JSON.stringify(record, null, 2)}\n`);
      await prune(folder);
      return record;
    },
  };
}

function wholeImage(packed: Buffer): Image | undefined {
  try {
    return unpackImage(packed);
  } catch {
    return undefined;
  }
}

async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, content);
  await rename(draft, file);
}

async function prune(folder: string): Promise<void> {
  const oldest = Date.now() - keptDays * 24 * 3600 * 1000;
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < oldest) await rm(join(folder, name), { force: true });
  }
}
