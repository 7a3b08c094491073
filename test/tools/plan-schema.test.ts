import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { planSchema } from '../../tools/plan-schema.ts';

it('docs/plan.schema.json is what the code says (node tools/plan-schema.ts)', async () => {
  expect(await readFile('docs/plan.schema.json', 'utf8')).toBe(planSchema());
});
