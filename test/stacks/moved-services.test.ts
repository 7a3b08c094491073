import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { writeMovedServices } from '../../src/stacks/moved-services.ts';

test('a service is the same one in today’s stack, in that of an older release, and back', async () => {
  const stack = await emptyStack();
  const first = await stack.apply(older);
  expect(first.places).toEqual(['module.callees["api"]', 'module.callers["web"]']);
  const today = await stack.apply(newer);
  expect(today.places).toEqual(['module.services["api"]', 'module.services["web"]']);
  const back = await stack.apply(older);
  expect(back.places).toEqual(first.places);
  expect([today.ids, back.ids]).toEqual([first.ids, first.ids]);
});

const module = (name: string, keys: string): string =>
  `module "${name}" {\n  source = "./m"\n  for_each = toset(${keys})\n  name = each.key\n}\n`;
const older = module('callees', '["api"]') + module('callers', '["web"]');
const newer = module('services', '["api", "web"]');

/** A stack of real Terraform whose services are resources that need no provider. */
async function emptyStack() {
  const cwd = await mkdtemp(join(tmpdir(), 'windlass-moved-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await mkdir(join(cwd, 'm'));
  const service = `variable "name" {}\nresource "terraform_data" "this" { input = var.name }\n
output "id" { value = terraform_data.this.id }\n`;
  await writeFile(join(cwd, 'm', 'main.tf'), service);
  const env = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };
  const terraform = async (...args: readonly string[]) =>
    (await execa('terraform', args, { cwd, env })).stdout;
  const apply = async (main: string) => {
    await writeFile(join(cwd, 'main.tf'), main);
    await writeMovedServices(cwd, { web: { calls: ['api'] }, api: { calls: [] } });
    await terraform('init', '-input=false');
    await terraform('apply', '-input=false', '-auto-approve');
    const places = (await terraform('state', 'list')).split('\n');
    const shown = await Promise.all(places.map((place) => terraform('state', 'show', place)));
    return {
      places: places.map((place) => place.replace('.terraform_data.this', '')),
      ids: shown.map((text) => /\bid\s+= "(.*)"/.exec(text)?.[1]),
    };
  };
  return { apply };
}
