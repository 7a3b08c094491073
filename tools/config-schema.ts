import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Config } from '../src/config/config.ts';

/** The JSON schema of windlass.yaml, as editors read it. */
export function configSchema(): string {
  const schema = z.toJSONSchema(Config, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main)
  await writeFile(resolve(import.meta.dirname, '..', 'windlass.schema.json'), configSchema());
