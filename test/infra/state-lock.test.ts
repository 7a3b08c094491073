import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apply } from '../../src/terraform/apply.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { forceUnlock } from '../../src/terraform/force-unlock.ts';
import { init } from '../../src/terraform/init.ts';
import { breakOrphanLock } from '../../src/terraform/orphan-lock.ts';
import { pastRuns } from '../../src/terraform/past-run.ts';
import { plan } from '../../src/terraform/plan.ts';
import { readOrNothing } from '../../src/terraform/run-record.ts';
import type { LockStore } from '../../src/terraform/orphan-lock.ts';
import type { TerraformPlace } from '../../src/terraform/place.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';
import { endRun } from '../terraform/workshop.ts';

// The work of the slow resource goes on until the file `busy` is removed, Terraform or not.
const slow = `
terraform {
  backend "gcs" {}
}
resource "terraform_data" "slow" {
  provisioner "local-exec" { command = "touch begun; while test -e busy; do sleep 0.05; done" }
}`;

let cloud: Cloud;
let folder: string;
let place: TerraformPlace;

beforeEach(async () => {
  cloud = await openCloud();
  folder = await mkdtemp(join(tmpdir(), 'windlass-lock-'));
  await cloud.call('POST', '/storage/v1/b?project=demo-prod', { name: 'demo-prod-state' });
  await writeFile(join(folder, 'main.tf'), slow);
  await writeFile(join(folder, 'busy'), '');
  const env = terraformEnvironment(process.env, join(folder, 'data'), {
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${cloud.door.url}/storage/v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: cloud.token,
  });
  place = { binary: 'terraform', stackDir: folder, env };
  await init(place, { bucket: 'demo-prod-state', prefix: 'slow' });
});

afterEach(async () => {
  await rm(join(folder, 'busy'), { force: true });
  await endRun(run('apply'));
  await cloud[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = (name: string): string => join(folder, 'runs', name);
const planned = (name: string, lockTimeoutSeconds = 1) =>
  plan(place, { out: join(folder, name), lockTimeoutSeconds }, { runDir: run(name) });

/** Begins the slow apply; answers what it throws, once it is under way and holds the lock. */
async function begin(signal?: AbortSignal) {
  const saved = await planned('first');
  const watch = signal ? { runDir: run('apply'), signal } : { runDir: run('apply') };
  const thrown = apply(place, saved, watch).catch((error: unknown) => error);
  while ((await readOrNothing(join(folder, 'begun'))) === undefined) await pause(20);
  return { thrown };
}

const lockPath = `/storage/v1/b/demo-prod-state/o/${encodeURIComponent('slow/default.tflock')}`;

const store: LockStore = {
  async read() {
    const { status, body } = await cloud.call('GET', lockPath);
    if (status !== 200) return undefined;
    const content = await cloud.call('GET', `${lockPath}?alt=media`);
    return { generation: String(body.generation), text: JSON.stringify(content.body) };
  },
  async remove(generation) {
    const path = `${lockPath}?ifGenerationMatch=${generation}`;
    return (await cloud.call('DELETE', path)).status === 204;
  },
};

test('a second run is told that the state is locked, and the lock of a living run is kept', async () => {
  const { thrown } = await begin();
  await expect(planned('second')).rejects.toMatchObject({
    code: 'TERRAFORM_LOCKED',
    class: 'reconcile',
  });
  expect(await breakOrphanLock(store, await pastRuns([run('apply')]))).toMatchObject({
    lock: 'kept',
  });
  await rm(join(folder, 'busy'));
  expect(await thrown).toBeUndefined();
  expect(await breakOrphanLock(store, [])).toEqual({ lock: 'free' });
});

test('a stopped run records what it made and frees the lock', async () => {
  const stop = new AbortController();
  const { thrown } = await begin(stop.signal);
  stop.abort();
  expect(await thrown).toMatchObject({ code: 'TERRAFORM_STOPPED', class: 'undo' });
  expect(await breakOrphanLock(store, [])).toEqual({ lock: 'free' });
  expect((await planned('second')).empty).toBe(false);
});

test('the lock of a killed run is broken, and the state can be planned again', async () => {
  const { thrown } = await begin();
  await endRun(run('apply'));
  expect(await thrown).toMatchObject({ code: 'TERRAFORM_LOST', class: 'reconcile' });
  await expect(planned('second')).rejects.toMatchObject({ code: 'TERRAFORM_LOCKED' });
  expect(await breakOrphanLock(store, await pastRuns([run('apply')]))).toMatchObject({
    lock: 'broken',
  });
  expect((await planned('third')).empty).toBe(false);
});

test('a person frees a lock by its number, and by no other', async () => {
  await begin();
  await endRun(run('apply'));
  const { generation } = (await store.read()) ?? { generation: '' };
  await expect(forceUnlock(place, '1')).rejects.toThrow('force-unlock failed');
  await forceUnlock(place, generation);
  expect(await store.read()).toBeUndefined();
});
