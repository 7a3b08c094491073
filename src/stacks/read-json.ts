import { readFile } from 'node:fs/promises';
import type { ZodType } from 'zod';

/** A JSON file, parsed; throws what zod says of a file that is not as expected. */
export async function readJson<T>(file: string, schema: ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(file, 'utf8')));
}
