import { rm } from 'node:fs/promises';
import type { z } from 'zod';
import type { ReleaseRef } from '../deploy.ts';
import type { ReleaseShelf } from '../site.ts';
import { readStored } from '../stored-json.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { filesIn } from './archive.ts';
import { readFormat } from './format.ts';
import { checkOutRelease } from './store.ts';

/** Every file of a stored release; RELEASE_DAMAGED where it is not what its id says. */
export async function storedFiles(
  site: ReleaseShelf,
  release: ReleaseRef,
): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await temporaryFolder('release');
  try {
    await checkOutRelease(site, release, folder);
    await readFormat(folder); // a newer form may not be readable
    return await filesIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A JSON file of a release; a Failure where it is not there or of another form. */
export function storedJson<T>(
  files: ReadonlyMap<string, Buffer>,
  name: string,
  schema: z.ZodType<T>,
): T {
  const what = `${name} of the release`;
  const stored = { schema, what, where: name, fix: 'Deploy the tree again.' };
  return readStored(files.get(name) ?? Buffer.of(), stored);
}
