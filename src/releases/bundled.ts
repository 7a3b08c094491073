import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { Config } from '../config/config.ts';
import type { ReleaseRef } from '../deploy.ts';
import { held } from '../held.ts';
import type { ReleaseShelf } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { readFormat } from './format.ts';
import { BundledBuilds, BundledConfig, BundledImages, checkOutRelease } from './store.ts';
import { readStored } from '../stored-json.ts';

/** What a release says of itself, without the files that terraform and the migrations are run from. */
export interface Bundled {
  readonly config: Config;
  readonly access: string | undefined;
  /** The form of the bundle itself. */
  readonly format: number;
  /** Per service: the digest of its image, or the whole reference that windlass.yaml gave. */
  readonly images: Readonly<Record<string, string>> | undefined;
  /** How each image came about; undefined in bundles from before that file. */
  readonly builds: z.infer<typeof BundledBuilds> | undefined;
}

const known = new Map<string, Promise<Bundled>>();

/** Read and verified once per process, for a release never changes. */
export async function bundled(site: ReleaseShelf, release: ReleaseRef): Promise<Bundled> {
  const key = `${site.releaseBucket}/${release.id}/${release.sha256}`;
  const already = known.get(key) ?? held(read(site, release));
  known.set(key, already);
  already.catch(() => known.delete(key)); // a bucket that does not answer is asked again
  return already;
}

async function read(site: ReleaseShelf, release: ReleaseRef): Promise<Bundled> {
  const folder = await temporaryFolder('config');
  try {
    await checkOutRelease(site, release, folder);
    const format = await readFormat(folder); // first: a newer form may not be readable at all
    return {
      format,
      config: await readJson(join(folder, 'windlass.json'), BundledConfig),
      access: await textIn(join(folder, 'access.yaml')),
      images: await jsonIn(join(folder, 'images.json'), BundledImages),
      builds: await jsonIn(join(folder, 'builds.json'), BundledBuilds),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function jsonIn<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await textIn(file);
  if (text === undefined) return undefined;
  const what = `${basename(file)} of the release`;
  return readStored(text, { schema, what, where: file, fix: 'Deploy the tree again.' });
}

function textIn(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
