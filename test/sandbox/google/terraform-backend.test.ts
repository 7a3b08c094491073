import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSandbox, PROJECT, tempFolder, type TestSandbox } from './sandbox.ts';

interface Run {
  readonly code: number | null;
  readonly output: string;
}

interface Running extends Promise<Run> {
  /** Resolves when its output holds these words. */
  says(words: string): Promise<void>;
}

const LOCK = '/storage/v1/b/test-state/o/p%2Fdefault.tflock';

async function workspace(sandbox: TestSandbox): Promise<(...args: string[]) => Running> {
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

function terraform(sandbox: TestSandbox, cwd: string, args: readonly string[]): Running {
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${sandbox.door.url}/storage/v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: sandbox.token,
  };
  const child = spawn('terraform', args, { cwd, env });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const run = once(child, 'close').then(([code]) => ({ code, output }));
  const says = (words: string) => expect.poll(() => output, { timeout: 60_000 }).toContain(words);
  return Object.assign(run, { says });
}

// Two real applies at once would meet a gap of Terraform's own: it gives up when the lock is freed
// between its refused attempt and its look at who holds it.
async function holdLock(sandbox: TestSandbox): Promise<{ readonly generation: string }> {
  const info = { ID: '', Operation: 'apply', Who: 'somebody@else', Path: 'p', Version: '1.11.4' };
  const upload = `/upload${LOCK.replace(/o\/.*/, 'o')}?uploadType=media&name=p/default.tflock&ifGenerationMatch=0`;
  return (await sandbox.call('POST', upload, info)).body;
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
  const held = await holdLock(sandbox);

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

test('an apply waits for the lock of another and goes on when it is free', async () => {
  const sandbox = await openSandbox();
  const run = await workspace(sandbox);
  expect(await run('init', '-input=false')).toMatchObject({ code: 0 });
  const { generation } = await holdLock(sandbox);
  const apply = run('apply', '-auto-approve', '-input=false', '-lock-timeout=60s');
  await apply.says('Acquiring state lock');
  const free = `${LOCK}?ifGenerationMatch=${generation}`;
  expect(await sandbox.call('DELETE', free)).toMatchObject({ status: 204 });
  expect(await apply).toMatchObject({ code: 0 });
});
