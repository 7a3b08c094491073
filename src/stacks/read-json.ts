import { readFile } from 'node:fs/promises';
import type { ZodType } from 'zod';
import { readStored } from '../stored-json.ts';

/** A JSON file, parsed; RECORD_DAMAGED where it is not as expected, and what the system says where it is not there. */
export async function readJson<T>(file: string, schema: ZodType<T>): Promise<T> {
  const text = await readFile(file, 'utf8');
  return readStored(text, { schema, what: file, where: file, newest: Number.MAX_SAFE_INTEGER });
}
