import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { PlanAnswer } from '../src/planning/plan-details.ts';

/** The JSON schema of what `windlass plan --json` prints. */
export function planSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(PlanAnswer, { io: 'input' }), null, 2)}\n`;
}

if (import.meta.main)
  await writeFile(resolve(import.meta.dirname, '..', 'docs', 'plan.schema.json'), planSchema());
