import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { lasting } from './lasting.ts';
import { budgetNames, loseProject } from './lose-project.ts';
import { addUser, addedUser, loseSupabase, sql } from './losses.ts';
import { openRig, runWindlass } from './rig.ts';
import type { Rig } from './rig.ts';
import { keepElsewhere } from './vault.ts';

let rig: Rig;
let elsewhere: string;

const emailOf = `select email from auth.users where id = '${addedUser}'`;

beforeAll(async () => {
  rig = await openRig({ few: true });
  elsewhere = await mkdtemp(join(tmpdir(), 'windlass-elsewhere-'));
  await keepElsewhere(rig, join(elsewhere, 'backup.key'));
  const deployed = await rig.windlass('deploy', '-e', 'production');
  expect(deployed.exitCode, deployed.all).toBe(0);
  await addUser(await rig.site());
  const backedUp = await rig.windlass('backup', '-e', 'production');
  expect(backedUp.exitCode, backedUp.all).toBe(0);
});

afterAll(async () => {
  await runWindlass(cloneEnv(), ['sandbox', 'down']);
  await rig.close();
  await rm(elsewhere, { recursive: true, force: true });
});

it('brings all back with a clone, the key and the bucket, when everything else is lost', async () => {
  const site = await rig.site();
  const before = lasting((await rig.fingerprint()).lines);
  const key = await modelKey();
  await loseSupabase(site);
  await loseProject(site);
  await freshClone();
  const asked = await runWindlass(cloneEnv(), ['recover', '-e', 'production']);
  expect(asked.exitCode, asked.all).toBe(2);
  expect(asked.all).toMatch(/data loss everything written in the last \d+ (s|min)/);
  expect(asked.all).toContain('agent-model-key is restored from the backup');
  const ended = await runWindlass(cloneEnv(), ['recover', '-e', 'production', '--yes']);
  expect(ended.exitCode, ended.all).toBe(0);
  expect(lasting((await rig.fingerprint()).lines)).toEqual(before);
  expect(await sql(site, emailOf)).toEqual([{ email: 'kept@example.com' }]);
  expect(await modelKey()).toBe(key);
  expect(await budgetNames(site)).toEqual(['windlass production']);
});

/** A folder and a home that know nothing but windlass.yaml and where the clouds are. */
async function freshClone(): Promise<void> {
  await mkdir(join(elsewhere, 'home', 'run'), { recursive: true });
  await cp(join(rig.root, 'windlass.yaml'), join(elsewhere, 'windlass.yaml'));
  for (const file of ['sandbox.json', 'run/doors.json', 'run/server.json'])
    await cp(join(rig.home, file), join(elsewhere, 'home', file));
}

/** A namespace of Temporal that never heard of the environment, and a worker of its own. */
function cloneEnv(): Record<string, string> {
  return {
    ...rig.env,
    WINDLASS_ROOT: elsewhere,
    WINDLASS_HOME: join(elsewhere, 'home'),
    WINDLASS_TASK_QUEUE: `${rig.env['WINDLASS_TASK_QUEUE'] ?? ''}-clone`,
    TEMPORAL_NAMESPACE: 'default',
  };
}

async function modelKey(): Promise<string> {
  const { google } = await rig.site();
  return String(await accessVersion(google, { secret: 'agent-model-key', version: 'latest' }));
}
