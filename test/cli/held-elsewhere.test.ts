import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { siteOf } from '../../src/endpoints.ts';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { statObject } from '../../src/gcp/objects.ts';
import { keepLease } from '../../src/lease/keep-lease.ts';
import type { Keeping } from '../../src/lease/keep-lease.ts';
import { endLease, markDirty, takeLease } from '../../src/lease/take-lease.ts';
import type { Site } from '../../src/site.ts';
import { lockObject } from '../../src/state/state-object.ts';
import { runWindlass } from '../end-to-end/rig.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

// A command line whose Temporal knows nothing of the run that holds the environment.
let clouds: TwoClouds;
let site: Site;
let home: string;
let env: Record<string, string>;
let kept: Keeping;
const runId = '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000';

beforeAll(async () => {
  clouds = await openTwoClouds();
  home = await mkdtemp(join(tmpdir(), 'windlass-elsewhere-'));
  const { token } = clouds.standIn.supabase;
  const address = inject('temporalAddress');
  const book = {
    ...{ version: 1, google: clouds.google.access.endpoints.run, reattach: '{}' },
    googleToken: await clouds.google.access.token(),
    ...{ supabase: clouds.door.url, supabaseToken: token },
    temporal: { address, ui: 'http://127.0.0.1:1', namespace: 'default' },
  };
  await writeFile(join(home, 'sandbox.json'), JSON.stringify(book));
  env = {
    ...{ WINDLASS_ROOT: process.cwd(), WINDLASS_HOME: join(home, 'own'), WINDLASS_ACTOR: 'eve' },
    ...{ WINDLASS_SANDBOX_HOME: home, WINDLASS_WORKER: 'external', NO_COLOR: '1' },
    ...{ TEMPORAL_ADDRESS: address, WINDLASS_LEASE: '2/20/40' },
  };
  vi.stubEnv('WINDLASS_SANDBOX_HOME', home);
  vi.stubEnv('WINDLASS_LEASE', env['WINDLASS_LEASE']);
  site = await siteOf({ root: process.cwd(), home: join(home, 'own') }, 'production');
  await clouds.google.call('PUT', `/_sandbox/projects/${site.environment.project}`);
  for (const bucket of [site.stateBucket, site.releaseBucket])
    await ensureBucket(site.google, bucket);
  const asked = { kind: 'deploy', actor: 'ada', host: 'ada-laptop', release: 'r-5f1c20d2a1b7' };
  await takeLease(site, { runId, ...asked });
  const facts = { approvedBy: 'auto' };
  await markDirty(site, { runId, ...asked, step: 'services', facts, receipts: {} });
  kept = await keepLease(site, runId, new AbortController().signal);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  kept?.release();
  await clouds?.close();
  await rm(home, { recursive: true, force: true });
});

const typed = (...words: readonly string[]) => runWindlass(env, [...words, '-e', 'production']);

describe('while a run of another Temporal holds the environment', () => {
  it.each([
    ['deploy'],
    ['rollback'],
    ['secrets rotate habits'],
    ['secrets retire habits'],
    ['secrets enable habits'],
    ['recover --yes'],
    ['drill'],
    ['state restore --stack 20-services'],
  ])('`%s` is told who deploys what since when from where, exit 6', async (command) => {
    const ended = await typed(...command.split(' '));
    expect(ended.exitCode, ended.all).toBe(6);
    expect(ended.all).toContain('ENVIRONMENT_BUSY');
    expect(ended.all).toMatch(
      new RegExp(`ada started the deploy ${runId} of r-5f1c20d2a1b7 from ada-laptop at 20\\d\\d-`),
    );
    expect(ended.all).toContain('windlass recover -e production --reconcile');
  });

  it('`status` says it as well, in words and as JSON', async () => {
    const status = await typed('status');
    expect(status.exitCode, status.all).toBe(0);
    expect(status.all).toMatch(/lease +ada started the deploy .* from ada-laptop .* at services/);
    const json: unknown = JSON.parse((await typed('status', '--json')).stdout);
    expect(json).toMatchObject({ unfinished: { held: { run: runId, host: 'ada-laptop' } } });
  });
});

it('a reconciliation watches it, says so, and refuses it by name once it is seen alive', async () => {
  const worker = { WINDLASS_WORKER: '', WINDLASS_TASK_QUEUE: `held-${process.pid}` };
  const ended = await runWindlass({ ...env, ...worker }, [
    'recover',
    '--reconcile',
    '-e',
    'production',
  ]);
  await runWindlass(env, ['sandbox', 'down']);
  expect(ended.exitCode, ended.all).toBe(6);
  expect(ended.all).toContain('nothing was changed');
  expect(ended.all).toContain(`ada started the deploy ${runId} of r-5f1c20d2a1b7 from ada-laptop`);
});

describe('`state unlock`', () => {
  const lock = { Who: 'ada@ada-laptop', Operation: 'OperationTypeApply', ID: '1', Path: '' };
  const take = async () => {
    const text = JSON.stringify({ ...lock, Created: '2026-11-28T10:00:00Z' });
    const ref = await lockObject(site, '20-services');
    await replaceObject(site.google, { ...ref, generation: '0' }, Buffer.from(text));
    return ref;
  };

  it('shows holder, age and evidence, and frees nothing where nobody can be asked', async () => {
    const ref = await take();
    const ended = await typed('state', 'unlock');
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.all).toMatch(/holder +ada@ada-laptop/);
    expect(ended.all).toMatch(/since +2026-11-28T10:00:00Z \(.+ ago\)/);
    expect(ended.all).toMatch(/evidence +it was taken on another machine/);
    expect(ended.all).toContain('ada started the deploy');
    expect(await statObject(site.google, ref)).toBeDefined();
  });

  it('frees what it showed once you say so, and says where there is nothing to free', async () => {
    const ended = await typed('state', 'unlock', '--stack', '20-services', '--yes');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('released');
    expect(await statObject(site.google, await lockObject(site, '20-services'))).toBeUndefined();
    expect((await typed('state', 'unlock', '--yes')).all).toContain('no state is locked');
  });
});

it('once its lease has ended the environment is half-changed, and busy no more', async () => {
  await endLease(site, runId, 'a test');
  const status = await typed('status');
  expect(status.all).toContain('make production-recover ARGS=--reconcile');
  expect(status.all).not.toMatch(/^lease /m);
});
