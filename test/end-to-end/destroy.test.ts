import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { listBackups } from '../../src/backups/list-backups.ts';
import { thingsOf } from '../../src/drills/what-is-left.ts';
import { bucketLabels } from '../../src/gcp/buckets.ts';
import { callGoogle } from '../../src/gcp/call.ts';
import { putOnce } from '../../src/gcp/objects.ts';
import { ensureSecret } from '../../src/gcp/secret-container.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { addUser, addedUser, sql } from './losses.ts';
import { budgetNames } from './lose-project.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openRig({ few: true });
  await ends(0, 'deploy');
  await addUser(await rig.site());
  await ends(0, 'schedule', 'backups');
});

afterAll(async () => {
  await rig.close();
});

/** Runs a command on production; what it said, once it ended as it must. */
async function ends(code: number, ...args: string[]): Promise<string> {
  const ended = await rig.windlass(...args, '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(code);
  return ended.all;
}

it('shows all of it and destroys nothing while nobody types the name', async () => {
  const before = (await rig.fingerprint()).lines;
  const asked = await ends(2, 'destroy');
  expect(asked).toMatch(/services: [a-z, ]*gateway/);
  expect(asked).toMatch(/secrets: [^]*supabase-admin/);
  expect(asked).toContain('1 Supabase project: wellness-production');
  expect(asked).toContain('1 budget: windlass production');
  expect(asked).toContain('1 schedule: backups/production');
  expect(asked).toContain('1 bucket: wellness-production-state');
  expect(asked).toContain('CANNOT BE UNDONE');
  expect(asked).toContain('`--confirm production`');
  expect(await ends(3, 'destroy', '--confirm', 'staging')).toContain("names 'staging'");
  expect(await ends(3, 'destroy', '--without-backup', 'yes')).toContain('NOT_CONFIRMED');
  expect((await rig.fingerprint()).lines).toEqual(before);
});

it('leaves what is somebody else’s and says so; takes a last backup and the rest away', async () => {
  const site = await rig.site();
  await ensureSecret(site.google, { secret: 'of-somebody', labels: { team: 'other' } });
  const foreign = { bucket: site.stateBucket, name: 'notes/ours.txt' };
  await putOnce(site.google, foreign, Buffer.from('mine'));
  const said = await ends(0, 'destroy', '--confirm', 'production', '--reason', 'project ends');
  expect(said).toContain('production is destroyed');
  expect(said).toMatch(/kept: secret of-somebody: neither its labels/);
  expect(said).toMatch(/kept: bucket wellness-production-state: holds what is not.*notes\/ours/);
  expect(said).toMatch(/kept: backup gs:\/\/wellness-production-releases\/backups\//);
  expect(said).toContain('next: bin/windlass recover -e production');
  const things = await thingsOf(site);
  const names = things.map(({ kind, name }) => `${kind} ${name.split('/').at(-1)}`);
  expect(names).toContain('secret of-somebody');
  expect(names.filter((name) => !name.startsWith('bucket '))).toHaveLength(1);
  expect(await budgetNames(site)).toEqual([]);
  expect(await scheduleIds()).not.toContain('backups/production');
});

it('is told of by ledger, history and status', async () => {
  const site = await rig.site();
  const newest = (await readLedger(site)).at(-1);
  expect(newest).toMatchObject({ kind: 'destroy', outcome: 'succeeded' });
  expect(newest?.actor).toContain('rig');
  expect(newest?.acts?.[0]).toMatchObject({ reason: 'project ends' });
  expect(await ends(0, 'history')).toMatch(/destroy .*project ends/);
  const status = await ends(0, 'status');
  expect(status).toMatch(/release +none/);
  expect(status).toContain('destroyed');
  expect(await ends(0, 'destroy', '--confirm', 'production')).toContain('nothing of production');
  expect(await ends(3, 'rollback')).toContain('NO_ROLLBACK_TARGET');
});

it('comes back from the kept backup', async () => {
  expect(await listBackups(await rig.site())).not.toEqual([]);
  await ends(0, 'recover', '--yes');
  const rows = await sql(
    await rig.site(),
    `select email from auth.users where id = '${addedUser}'`,
  );
  expect(rows).toEqual([{ email: 'kept@example.com' }]);
});

it('goes with all its backups where they are named; what is retained stays until its time', async () => {
  const site = await rig.site();
  await retain(86_400);
  const said = await ends(
    0,
    'destroy',
    '--delete-backups',
    'production',
    '--confirm',
    'production',
  );
  expect(said).toMatch(/bucket wellness-production-releases: its retention policy keeps \d+ obj/);
  await retain(0);
  await ends(0, 'destroy', '--delete-backups', 'production', '--confirm', 'production');
  expect(await bucketLabels(site.google, site.releaseBucket)).toBeUndefined();
});

it('is made anew by a deploy', async () => {
  await ends(0, 'deploy');
  const site = await rig.site();
  expect(await readLedger(site)).toHaveLength(1);
  expect(await sql(site, 'select count(*)::int as n from auth.users')).toEqual([{ n: 0 }]);
});

async function retain(seconds: number): Promise<void> {
  const { google, releaseBucket } = await rig.site();
  await callGoogle(google, {
    action: 'set the retention',
    method: 'PATCH',
    url: `${google.endpoints.storage}/storage/v1/b/${releaseBucket}`,
    body: { retentionPolicy: seconds === 0 ? null : { retentionPeriod: String(seconds) } },
    answer: z.unknown(),
  });
}

async function scheduleIds(): Promise<readonly string[]> {
  const connection = await Connection.connect({ address: rig.env['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection, namespace: rig.env['TEMPORAL_NAMESPACE'] ?? '' });
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  await connection.close();
  return ids;
}
