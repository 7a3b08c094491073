import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { lane } from './lane.ts';

/** The workflows as one file, which all workers of this run load instead of bundling them (2 s). */
export function bundleFile(): string {
  return join(inject('folder'), 'workflows.js');
}

/** Makes that file where no other lane has. */
export async function ensureBundle(): Promise<void> {
  if (existsSync(bundleFile())) return;
  const { bundleWorkflows } = await import('../../src/temporal/bundle-workflows.ts');
  const draft = `${bundleFile()}.${lane}`;
  await bundleWorkflows(draft);
  await rename(draft, bundleFile());
}
