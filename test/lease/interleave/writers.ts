import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Write = z.object({ at: z.string(), by: z.string(), method: z.string(), path: z.string() });
export type Write = z.infer<typeof Write>;

/** What changed in the Google of a world's folder, oldest first. */
export async function writesOf(folder: string): Promise<readonly Write[]> {
  const text = await readFile(join(folder, 'writes.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => Write.parse(JSON.parse(line)));
}

/** What changes the environment: services, secrets, permissions, states, the ledger. */
function changes({ path }: Write): boolean {
  return /\/services\/|\/secrets\/|:setIamPolicy|default\.tfstate|ledger\//.test(path);
}

/**
 * Runs whose changes of the environment lie between each other's, in words; empty where one run
 * wrote at a time. A run's own id is in its calls; `RUN-undo` and its like are the same run.
 */
export function overlaps(writes: readonly Write[]): readonly string[] {
  const over: string[] = [];
  const ended = new Set<string>();
  let writing = '';
  for (const write of writes.filter((one) => one.by !== '' && changes(one))) {
    const run = write.by.slice(0, 36); // a UUID
    if (run === writing) continue;
    if (ended.has(run))
      over.push(`${run} wrote again at ${write.at}, after ${writing}: ${write.path}`);
    if (writing !== '') ended.add(writing);
    writing = run;
  }
  return over;
}
