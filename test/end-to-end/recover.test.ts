import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corruptState, loseService, loseState, loseSupabase, sql } from './losses.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

const user = '11111111-1111-4111-8111-111111111111';
const addUser = `insert into auth.users (id, email) values ('${user}', 'kept@example.com')`;

beforeAll(async () => {
  rig = await openRig();
  const deployed = await rig.windlass('deploy', '-e', 'production');
  expect(deployed.exitCode, deployed.all).toBe(0);
  await sql(await rig.site(), addUser);
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
    expect(ended.all).toContain('the database is there and is kept');
  });

  it('refuses to put a backup over a database that is there', async () => {
    const ended = await rig.windlass('recover', '-e', 'production', '--from', '0', '--yes');
    expect(ended.exitCode, ended.all).toBe(3);
    expect(ended.all).toContain('DATABASE_SURVIVED');
  });

  it('brings back one service that somebody deleted, and touches no row', async () => {
    const before = await lasting();
    await loseService(await rig.site(), 'meals');
    const ended = await rig.windlass('recover', '-e', 'production', '--yes');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('its rows were kept');
    expect(await lasting()).toEqual(before);
  });

  it('brings everything back that was lost at once, data up to the backup', async () => {
    const before = await lasting();
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
    expect(await lasting()).toEqual(before);
    expect(await sql(site, `select email from auth.users where id = '${user}'`)).toEqual([
      { email: 'kept@example.com' },
    ]);
  });
});

/** The fingerprint without the names that count attempts: versions, revisions, ports. */
async function lasting(): Promise<readonly string[]> {
  const { lines } = await rig.fingerprint();
  return lines.map((line) =>
    line
      .replace(/^(secret \S+) \d+$/, '$1')
      .replaceAll(/"version":"\d+"/g, '"version":"n"')
      .replaceAll(/-\d{5}-[a-z0-9]{3}\b/g, '-n')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'host'),
  );
}
