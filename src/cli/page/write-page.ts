import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageFacts } from './facts.ts';
import { runPage } from './page.ts';

const keptPages = 100; // some 50 kB each

/** Writes the page of a run below the home, readable by its owner alone; answers its path. */
export async function writePage(home: string, facts: PageFacts): Promise<string> {
  const folder = join(home, 'reports');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${facts.runId}.html`);
  await writeFile(file, runPage(facts), { mode: 0o600 });
  await prune(folder);
  return file;
}

/** Only the newest stay: any of them can be written again. */
async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.html'));
  if (names.length <= keptPages) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = dated.sort((one, other) => other.at - one.at).slice(keptPages);
  for (const { name } of old) await rm(join(folder, name), { force: true });
}
