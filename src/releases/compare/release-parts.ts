import { rm } from 'node:fs/promises';
import type { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { configIn } from '../../config/services-in.ts';
import type { ReleaseRef } from '../../deploy.ts';
import type { ReleaseShelf } from '../../site.ts';
import { readStored } from '../../stored-json.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { filesIn } from '../archive.ts';
import { readFormat } from '../format.ts';
import { BundledConfig, BundledImages, checkOutRelease } from '../store.ts';

/** The files of a release by their path, and what those say that all of it hangs on. */
export interface ReleaseParts {
  readonly files: ReadonlyMap<string, Buffer>;
  /** `services` are those of the environment. */
  readonly config: Config;
  readonly images: Readonly<Record<string, string>>;
}

/** Every file of a stored release; RELEASE_DAMAGED where it is not what its id says. */
export async function storedFiles(
  site: ReleaseShelf,
  release: ReleaseRef,
): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await temporaryFolder('compare');
  try {
    await checkOutRelease(site, release, folder);
    await readFormat(folder); // a newer form may not be readable
    return await filesIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The parts of a release, as an environment has them. */
export function partsOf(files: ReadonlyMap<string, Buffer>, environment: string): ReleaseParts {
  const config = jsonIn(files, 'windlass.json', BundledConfig);
  const images = files.has('images.json') ? jsonIn(files, 'images.json', BundledImages) : {};
  return { files, config: configIn(config, environment), images };
}

function jsonIn<T>(files: ReadonlyMap<string, Buffer>, name: string, schema: z.ZodType<T>): T {
  const what = `${name} of the release`;
  const stored = { schema, what, where: name, fix: 'Deploy the tree again.' };
  return readStored(files.get(name) ?? Buffer.of(), stored);
}
