import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { putOnce, statObject } from '../../src/gcp/objects.ts';
import { mending } from '../../src/stacks/reconcile.ts';
import type { Mendable } from '../../src/stacks/reconcile.ts';
import { runFolder } from '../../src/stacks/run-folder.ts';
import { stateLock } from '../../src/stacks/state-lock.ts';
import { apply } from '../../src/terraform/apply.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { init } from '../../src/terraform/init.ts';
import { plan } from '../../src/terraform/plan.ts';
import { identify, thisMachine } from '../../src/terraform/process-identity.ts';
import { runTerraform } from '../../src/terraform/run.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

const hcl = `
terraform {
  backend "gcs" {}
}
resource "terraform_data" "one" { input = 1 }`;
const bucket = 'wellness-test-state';
const lockRef = { bucket, name: 'stack/default.tflock' };
const dead = { pid: process.pid, started: '1' }; // our number, another start

let door: GoogleDoor;
let root: string;
let stack: Mendable & { readonly runs: string };

beforeEach(async () => {
  door = await openGoogle();
  await ensureBucket(door.access, bucket);
  root = await mkdtemp(join(tmpdir(), 'windlass-reconcile-'));
  await writeFile(join(root, 'main.tf'), hcl);
  const env = terraformEnvironment(process.env, join(root, 'data'), {
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${door.access.endpoints.storage}/storage/v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: await door.access.token(),
  });
  const place = { binary: 'terraform', stackDir: root, env };
  const runs = join(root, 'runs');
  const everyRun = async () => [join(runs, 'apply-1')];
  stack = { place, runs, everyRun, lock: stateLock(door.access, bucket, 'stack') };
  await init(place, { bucket, prefix: 'stack' });
});

afterEach(async () => {
  await door.close();
  await rm(root, { recursive: true, force: true });
});

/** A run that began three seconds ago, by default one whose processes are gone. */
async function begun(name: string, supervisor = dead): Promise<void> {
  const folder = join(stack.runs, name);
  await mkdir(folder, { recursive: true });
  const record = {
    machine: await thisMachine(),
    startedAt: new Date(Date.now() - 3000).toISOString(),
    cwd: root,
    command: ['terraform', 'apply'],
    supervisor,
  };
  await writeFile(join(folder, 'run.json'), JSON.stringify(record));
}

async function lockedBy(host: string): Promise<void> {
  const lock = { ID: '1', Who: `root@${host}`, Created: new Date().toISOString() };
  await putOnce(door.access, lockRef, Buffer.from(JSON.stringify(lock)));
}

const planned = (name: string) =>
  plan(
    stack.place,
    { out: join(root, name), lockTimeoutSeconds: 0 },
    { runDir: join(root, 'plans', name) },
  );
const isLocked = async () => (await statObject(door.access, lockRef)) !== undefined;

async function pulled(): Promise<string> {
  return (await runTerraform(stack.place, ['state', 'pull'])).stdout;
}
const serialOf = (state: string): number => Number(/"serial": (\d+)/.exec(state)?.[1]);

describe('the folder of a terraform run', () => {
  it('is the one that still runs, else a fresh one', async () => {
    const us = await identify(process.pid);
    expect(await runFolder(stack, 'apply')).toMatchObject({ earlier: 0 });
    await begun('apply-1', us);
    const adopted = { folder: join(stack.runs, 'apply-1'), earlier: 0 };
    expect(await runFolder(stack, 'apply')).toEqual(adopted);
  });

  it('comes after that of a lost run, whose lock is freed and whose state is pushed', async () => {
    const saved = await planned('first');
    await apply(stack.place, saved, { runDir: join(root, 'plans', 'apply') });
    const before = await pulled();
    const later = before.replace(/"serial": \d+/, `"serial": ${serialOf(before) + 1}`);
    await writeFile(join(root, 'errored.tfstate'), later);
    await begun('apply-1');
    await lockedBy(hostname());

    const next = { folder: join(stack.runs, 'apply-2'), earlier: 1 };
    expect(await runFolder(stack, 'apply')).toEqual(next);

    expect(await isLocked()).toBe(false);
    expect(serialOf(await pulled())).toBeGreaterThan(serialOf(before));
    await expect(stat(join(root, 'errored.tfstate'))).rejects.toThrow('ENOENT');
    expect(await runFolder(stack, 'apply')).toEqual(next);
  });
});

describe('a command that finds the state locked', () => {
  it('frees the lock of a dead run of ours, so that the next attempt passes', async () => {
    await begun('apply-1');
    await lockedBy(hostname());
    const refused = mending(stack, () => planned('first'));
    await expect(refused).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' });
    expect((await planned('second')).empty).toBe(false);
  });

  it('keeps the lock of another machine', async () => {
    await begun('apply-1');
    await lockedBy('elsewhere');
    const refused = mending(stack, () => planned('first'));
    await expect(refused).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' });
    expect(await isLocked()).toBe(true);
  });
});
