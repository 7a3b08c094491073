import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { listBackups } from '../../src/backups/list-backups.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { lasting } from './lasting.ts';
import {
  addUser,
  addedUser,
  corruptState,
  loseService,
  loseState,
  loseSupabase,
  restoreOldest,
  sql,
} from './losses.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
  await addUser(await rig.site());
  const backedUp = await rig.windlass('backup', '-e', 'production');
  expect(backedUp.exitCode, backedUp.all).toBe(0);
});

afterAll(async () => {
  await rig.close();
});

describe('a recovery', () => {
  it('asks first: without a terminal and without --yes it names the flag', async () => {
    const ended = await rig.windlass('recover', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(2);
    expect(ended.all).toContain('--yes');
    expect(ended.all).toContain('the database exists and is kept');
  });

  it('refuses to put a backup over a database that is there', async () => {
    const ended = await rig.windlass('recover', '-e', 'production', '--from', '0', '--yes');
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.all).toContain('DATABASE_SURVIVED');
  });

  it('names what is missing where there is nothing to recover from', async () => {
    const ended = await rig.windlass('recover', '-e', 'staging', '--yes');
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.all).toContain('NOTHING_TO_RECOVER');
    expect(ended.all).toContain('wellness-staging-releases has no complete backup');
  });

  it('brings back a deleted service and a state that was set back by hand, and touches no row', async () => {
    const before = await fingerprint();
    await loseService(await rig.site(), 'meals');
    await restoreOldest(await rig.site(), '10-foundation');
    const ended = await rig.windlass('recover', '-e', 'production', '--yes');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('its rows were kept');
    expect(ended.all).toMatch(/10-foundation was behind: restored as serial \d+ from the bucket/);
    expect(await fingerprint()).toEqual(before);
  });

  it('brings everything back that was lost at once, data up to the backup', async () => {
    const before = await fingerprint();
    const site = await rig.site();
    await loseSupabase(site);
    await corruptState(site, '10-foundation');
    await loseState(site, '20-services');
    await loseService(site, 'users');
    await rm(join(rig.home, 'runs'), { recursive: true });
    const ended = await rig.windlass('recover', '-e', 'production', '--yes');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('since the backup was made');
    expect(ended.all).toContain('10-foundation was unreadable: restored');
    expect(ended.all).toContain('20-services was gone: restored');
    expect(await fingerprint()).toEqual(before);
    expect(await sql(site, `select email from auth.users where id = '${addedUser}'`)).toEqual([
      { email: 'kept@example.com' },
    ]);
  });

  it('brings a backup by its name into another environment, which gets secrets of its own', async () => {
    const [set] = (await listBackups(await rig.site())).slice(-1);
    const from = set?.manifest.runId ?? '';
    const args = ['-e', 'production', '--from', from, '--into', 'staging', '--yes'] as const;
    const ended = await rig.windlass('recover', ...args);
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain(`production into staging`);
    expect(ended.all).toContain(`backup    ${from}`);
    const site = await rig.site('staging');
    expect(await sql(site, `select email from auth.users where id = '${addedUser}'`)).toEqual([
      { email: 'kept@example.com' },
    ]);
    expect(await modelKey('staging')).not.toBe(await modelKey());
  });
});

async function fingerprint(): Promise<readonly string[]> {
  return lasting((await rig.fingerprint()).lines);
}

/** The newest value of the one secret that Windlass made up itself. */
async function modelKey(name = 'production'): Promise<string> {
  const { google } = await rig.site(name);
  return String(await accessVersion(google, { secret: 'agent-model-key', version: 'latest' }));
}
