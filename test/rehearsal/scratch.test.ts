import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { layOutScratch } from '../../src/rehearsal/scratch.ts';
import { temporaryFolder } from '../setup/process.ts';

const yaml = `name: shop
services:
  api:
    image: us-docker.pkg.dev/p/r/api@sha256:${'a'.repeat(64)}
    secrets: { stripe-key: external, model-key: generated }
environments:
  production:
    target: cloud
    project: shop-production
    services:
      api: { secrets: { mail-key: external } }
    supabase:
      organization: shop
      project: shop
      settings:
        jwt_exp: 3600
        mailer_autoconfirm: false
        site_url: https://shop.example.org
        uri_allow_list: ''
`;

let root: string;
beforeAll(async () => {
  root = await temporaryFolder('scratch');
  await mkdir(join(root, 'infra'));
  await writeFile(join(root, 'windlass.yaml'), yaml);
});
afterAll(() => rm(root, { recursive: true }));

test('a rehearsal is in the sandbox and reads no value that a person gave', async () => {
  const scratch = join(root, 'scratch');
  await layOutScratch(root, await readConfig(root), scratch);
  const { services, environments } = await readConfig(scratch);
  const { production } = environments;
  expect(services['api']?.secrets).toEqual({ 'stripe-key': 'generated', 'model-key': 'generated' });
  expect(production?.services?.['api']?.secrets).toEqual({ 'mail-key': 'generated' });
  expect(production?.target).toBe('sandbox');
});
