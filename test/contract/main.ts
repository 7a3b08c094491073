import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openCloud, prepare, pushImage, serving } from '../sandbox/run/cloud.ts';
import { skopeoChecks } from './skopeo.ts';

// What nobody here wrote, against the sandbox: Google's own Python clients from PyPI, and skopeo where
// it is installed. Ends with 1 where a check fails, and names it.
const run = promisify(execFile);
const folder = join(import.meta.dirname, '../../.windlass/contract');
const python = join(folder, 'bin/python');
const installed = join(folder, '.installed');
const Check = z.object({ name: z.string(), ok: z.boolean(), why: z.string() });
type Check = z.infer<typeof Check>;

if (!existsSync(installed)) await install();
const cloud = await openCloud({ walls: true });
const images = await mkdtemp(join(tmpdir(), 'windlass-contract-'));
try {
  await enable(['artifactregistry', 'iam', 'pubsub', 'run', 'secretmanager', 'storage']);
  await prepare(cloud);
  const image = await pushImage(cloud, serving(`'fine'`));
  const checks = [
    ...(await googleChecks(image)),
    ...(await skopeoChecks(cloud.door.url, cloud.token, images)),
  ];
  tell(checks);
} finally {
  await cloud[Symbol.asyncDispose]();
  await rm(images, { recursive: true, force: true });
}

/** As any user of a new project does first. */
async function enable(names: readonly string[]): Promise<void> {
  const serviceIds = names.map((name) => `${name}.googleapis.com`);
  const path = '/v1/projects/demo-prod/services:batchEnable';
  const { status, body } = await cloud.call('POST', path, { serviceIds });
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
}

async function install(): Promise<void> {
  await run('python3', ['-m', 'venv', folder]);
  const lock = join(import.meta.dirname, 'clients.lock');
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', lock]);
  writeFileSync(installed, '');
}

async function googleChecks(image: string): Promise<readonly Check[]> {
  const env = { ...process.env, DOOR: cloud.door.url, TOKEN: cloud.token, IMAGE: image };
  const { stdout } = await run(python, [join(import.meta.dirname, 'google_clients.py')], { env });
  return stdout
    .trim()
    .split('\n')
    .map((line) => Check.parse(JSON.parse(line)));
}

function tell(checks: readonly Check[]): void {
  for (const { name, ok, why } of checks)
    process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}${ok ? '' : `: ${why}`}\n`);
  const failed = checks.filter(({ ok }) => !ok).length;
  process.stdout.write(`${checks.length - failed} of ${checks.length} checks pass\n`);
  if (failed > 0) process.exitCode = 1;
}
