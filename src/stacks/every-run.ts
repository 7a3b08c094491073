import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stackNames } from '../deploy.ts';
import type { StackName } from '../deploy.ts';
import type { Site } from '../site.ts';

/** The run folders of a stack below `runs/`, of every workflow run of this machine. */
export async function everyRunOf(
  site: Pick<Site, 'home'>,
  stack: StackName,
): Promise<readonly string[]> {
  const above = join(site.home, 'runs');
  const opened = (await foldersIn(above)).map(async (run) =>
    (await foldersIn(run)).filter((folder) => folder.endsWith(`-${stack}`)),
  );
  const runs = (await Promise.all(opened)).flat().map((folder) => foldersIn(join(folder, 'runs')));
  return (await Promise.all(runs)).flat();
}

/** Those of every stack. */
export async function everyRun(site: Pick<Site, 'home'>): Promise<readonly string[]> {
  const found = await Promise.all(stackNames.map((stack) => everyRunOf(site, stack)));
  return found.flat();
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
