import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The version of Temporal's SDK that this process loads: bundle and worker must have the same. */
export async function sdkVersion(): Promise<string> {
  const file = new URL(import.meta.resolve('@temporalio/worker/package.json'));
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, 'utf8'))).version;
}
