import { join, posix } from 'node:path';
import type { Config } from '../config/config.ts';
import { sourceFiles } from '../images/source-files.ts';

/** Where the files of a smoke command lie in a release. */
export function smokeFolder(folder: string): string {
  return posix.join('smoke', folder);
}

/** The files of every folder that a smoke command is run in, by their path in the release. */
export async function smokeFiles(
  root: string,
  { smoke = [] }: Pick<Config, 'smoke'>,
): Promise<ReadonlyMap<string, Buffer>> {
  const folders = new Set(smoke.flatMap(({ in: folder }) => (folder === undefined ? [] : folder)));
  const read = [...folders].map(async (folder) =>
    (await programFiles(join(root, folder))).map(
      ([path, bytes]) => [posix.join(smokeFolder(folder), path), bytes] as const,
    ),
  );
  return new Map((await Promise.all(read)).flat());
}

/** What a program of the user's gets of a folder: what an image of it would hold. */
export async function programFiles(
  folder: string,
): Promise<readonly (readonly [string, Buffer])[]> {
  const { entries } = await sourceFiles(folder);
  return entries.flatMap(({ path, bytes }) =>
    bytes === undefined ? [] : [[path, bytes] as const],
  );
}
