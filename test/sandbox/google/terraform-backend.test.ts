import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSandbox, PROJECT, tempFolder, type TestSandbox } from './sandbox.ts';

interface Run {
  readonly code: number | null;
  readonly output: string;
}

const LOCK = '/storage/v1/b/test-state/o/p%2Fdefault.tflock';

async function workspace(sandbox: TestSandbox): Promise<(...args: string[]) => Promise<Run>> {
  const bucket = { name: 'test-state', versioning: { enabled: true } };
  await sandbox.call('POST', `/storage/v1/b?project=${PROJECT}`, bucket);
  const folder = join(tempFolder(), 'stack');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'main.tf'),
    `terraform {
      backend "gcs" {
        bucket = "test-state"
        prefix = "p"
      }
    }
    variable "word" { default = "one" }
    resource "terraform_data" "a" { input = var.word }
    output "word" { value = terraform_data.a.output }`,
  );
  return (...args) => terraform(sandbox, folder, args);
}

function terraform(sandbox: TestSandbox, cwd: string, args: readonly string[]): Promise<Run> {
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${sandbox.door.url}/storage/v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: sandbox.token,
  };
  return new Promise((resolve, reject) => {
    const child = spawn('terraform', args, { cwd, env });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

test('Terraform keeps its state here, and every state before it', async () => {
  const sandbox = await openSandbox();
  const run = await workspace(sandbox);
  expect(await run('init', '-input=false')).toMatchObject({ code: 0 });
  expect(await run('apply', '-auto-approve', '-input=false')).toMatchObject({ code: 0 });
  const second = await run('apply', '-auto-approve', '-input=false', '-var', 'word=two');
  expect(second).toMatchObject({ code: 0 });
  expect((await run('output', '-raw', 'word')).output).toBe('two');
  expect(await run('plan', '-detailed-exitcode', '-var', 'word=two')).toMatchObject({ code: 0 });
  const query = 'prefix=p/default.tfstate&versions=true';
  const { body } = await sandbox.call('GET', `/storage/v1/b/test-state/o?${query}`);
  expect(body.items.length).toBeGreaterThanOrEqual(2);
  expect(await sandbox.call('GET', LOCK)).toMatchObject({ status: 404 });
});

test('a held lock keeps others out until force-unlock names its generation', async () => {
  const sandbox = await openSandbox();
  const run = await workspace(sandbox);
  expect(await run('init', '-input=false')).toMatchObject({ code: 0 });
  const info = { ID: '', Operation: 'apply', Who: 'somebody@else', Path: 'p', Version: '1.11.4' };
  const upload = `/upload${LOCK.replace(/o\/.*/, 'o')}?uploadType=media&name=p/default.tflock&ifGenerationMatch=0`;
  const { body: held } = await sandbox.call('POST', upload, info);

  const refused = await run('apply', '-auto-approve', '-input=false', '-lock-timeout=1s');
  expect(refused.code).toBe(1);
  expect(refused.output).toContain('Error acquiring the state lock');
  expect(refused.output).toContain('somebody@else');

  const wrong = await run('force-unlock', '-force', '12345');
  expect(wrong.code).toBe(1);
  expect(await sandbox.call('GET', LOCK)).toMatchObject({ status: 200 });
  expect(await run('force-unlock', '-force', held.generation)).toMatchObject({ code: 0 });
  expect(await run('apply', '-auto-approve', '-input=false')).toMatchObject({ code: 0 });
});

test('of two applies at once the later one waits for the lock', async () => {
  const run = await workspace(await openSandbox());
  expect(await run('init', '-input=false')).toMatchObject({ code: 0 });
  const apply = ['apply', '-auto-approve', '-input=false', '-lock-timeout=60s'];
  const both = await Promise.all([run(...apply), run(...apply)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
});
