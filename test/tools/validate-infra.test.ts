import { execFile } from 'node:child_process';
import { appendFile, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../setup/process.ts';

test('a module that is right passes', async () => {
  await using copy = await copyOfSecretModule();
  expect(await validate(copy.folder)).toEqual({ code: 0, output: '' });
});

test('an argument that the provider does not know is refused by name', async () => {
  await using copy = await copyOfSecretModule();
  const planted = 'resource "google_secret_manager_secret" "planted" { colour = "red" }\n';
  await appendFile(join(copy.module, 'main.tf'), planted);
  const { code, output } = await validate(copy.folder);
  expect(code).toBe(1);
  expect(output).toContain('modules/secret: terraform validate');
  expect(output).toContain('colour');
});

test('a tree without stacks and modules is no success', async () => {
  const folder = await temporaryFolder('infra');
  const { code, output } = await validate(folder);
  await rm(folder, { recursive: true });
  expect(code).not.toBe(0);
  expect(output).toContain('there is no stack');
});

async function copyOfSecretModule() {
  const folder = await temporaryFolder('infra');
  const module = join(folder, 'modules/secret');
  await cp('infra/modules/secret', module, { recursive: true });
  return { folder, module, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function validate(folder: string) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const args = ['tools/validate-infra.ts', folder];
    const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}
