import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { configSchema } from '../../tools/config-schema.ts';

it('windlass.schema.json is what src/config.ts says (node tools/config-schema.ts)', async () => {
  expect(await readFile('windlass.schema.json', 'utf8')).toBe(configSchema());
});
