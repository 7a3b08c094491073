import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { bundledWorkflows } from '../../src/temporal/bundle-workflows.ts';
import { bundledFolders } from '../../src/temporal/versions/own-bundle.ts';

it('every source that stands in the bundle counts for whether it is still the same', async () => {
  const code = await bundledWorkflows();
  const sources = [...code.matchAll(/"\.\/((?:src|workflows|activities)\/[\w/-]+\.ts)"/g)];
  const folders = new Set(sources.map(([, file = '']) => dirname(file)));
  expect(folders.size).toBeGreaterThan(1);
  expect([...bundledFolders]).toEqual(expect.arrayContaining([...folders]));
});
