import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseOverrides } from '../../src/stacks/refuse-overrides.ts';

test.each(['10-foundation', '20-services'])(
  'the stack %s chooses nothing by itself',
  async (stack) => {
    await expect(refuseOverrides(join('infra', 'stacks', stack))).resolves.toBeUndefined();
  },
);

test.each([
  ['terraform.tfvars', 'environment = {}'],
  ['x.auto.tfvars.json', '{}'],
  ['backend_override.tf', ''],
  ['override.tf', ''],
  ['staging.tfbackend', 'bucket = "wellness-staging-state"'],
  ['versions.tf', 'terraform {\n  backend "gcs" {\n    bucket = "wellness-staging-state"\n  }\n}'],
])('a stack with %s is refused: it could point elsewhere', async (file, text) => {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-overrides-'));
  await writeFile(join(folder, 'main.tf'), 'terraform {\n  backend "gcs" {}\n}\n');
  await refuseOverrides(folder);
  await writeFile(join(folder, file), text);
  await expect(refuseOverrides(folder)).rejects.toMatchObject({ code: 'STACK_OVERRIDDEN' });
  await rm(folder, { recursive: true });
});
