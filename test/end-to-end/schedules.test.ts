import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { listBackups } from '../../src/backups/list-backups.ts';
import { clearLease, markDirty } from '../../src/lease/take-lease.ts';
import { factsOf } from '../../src/run-facts.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
let client: Client;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  const connection = await Connection.connect({ address: rig.env['TEMPORAL_ADDRESS'] ?? '' });
  client = new Client({ connection, namespace: rig.env['TEMPORAL_NAMESPACE'] ?? '' });
});

afterAll(async () => {
  await schedule('--off');
  await client.connection.close();
  await rig.close();
});

it('is off until it is begun, and then says when it runs next', async () => {
  expect(await listed()).toMatchObject({ cron: null, next: null, last: null });
  const early = await schedule('--now');
  expect(early.exitCode, early.all).toBe(3);
  expect(early.all).toContain('SCHEDULE_OFF');
  const begun = await schedule('--cron', '0 5 * * *');
  expect(begun.exitCode, begun.all).toBe(0);
  const { cron, next } = await listed();
  expect(cron).toBe('0 5 * * *');
  expect(next).toMatch(/T05:0[01]:/);
});

it('makes a backup set when it is triggered, and lists how the run ended', async () => {
  const before = await sets();
  const ended = await schedule('--now', '--json');
  expect(ended.exitCode, ended.all).toBe(0);
  const made = Made.parse(JSON.parse(ended.stdout)).backup.object.split('/')[1] ?? '';
  expect(before).not.toContain(made);
  expect(await sets()).toContain(made);
  expect((await listed()).last?.ended).toBe('completed');
});

it('waits while a run changes the environment, and never overlaps with itself', async () => {
  const site = await rig.site();
  const before = await sets();
  const run = { environment: 'production', actor: 'rig', runId: 'another-run' } as const;
  const facts = factsOf({ ...run, approval: 'auto' });
  await markDirty(site, { ...run, kind: 'deploy', step: 'services', receipts: {}, facts });
  const waiting = held(schedule('--now'));
  await expect.poll(runsNow, { timeout: 120_000, interval: 500 }).toBe(1);
  const second = await schedule('--now');
  expect(second.exitCode, second.all).toBe(6);
  expect(second.all).toContain('SCHEDULE_RUNS');
  const byHand = await rig.windlass('backup', '-e', 'production');
  expect(byHand.exitCode, byHand.all).toBe(6);
  expect(byHand.all).toContain('the deploy another-run of rig');
  expect(await sets()).toEqual(before);
  await clearLease(site, 'another-run');
  const ended = await waiting;
  expect(ended.exitCode, ended.all).toBe(0);
  expect(await sets()).not.toEqual(before);
});

it('is off again when it is ended; ending it twice says so', async () => {
  expect((await schedule('--off')).stdout).toContain('deleted');
  expect((await schedule('--off')).stdout).toContain('does not exist');
  expect((await listed()).cron).toBeNull();
});

const Made = z.object({ backup: z.object({ object: z.string() }) });
const Listed = z.array(
  z.object({
    what: z.string(),
    cron: z.string().nullable(),
    next: z.string().nullable(),
    last: z.object({ ended: z.string() }).nullable(),
  }),
);

async function schedule(...flags: readonly string[]) {
  return rig.windlass('schedule', 'backups', '-e', 'production', ...flags);
}

async function listed() {
  const { stdout, all } = await rig.windlass('schedule', 'list', '-e', 'production', '--json');
  const found = Listed.parse(JSON.parse(stdout)).find(({ what }) => what === 'backups');
  if (!found) throw new Error(all);
  return found;
}

async function runsNow(): Promise<number> {
  const { info } = await client.schedule.getHandle('backups/production').describe();
  return info.runningActions.length;
}

async function sets(): Promise<readonly string[]> {
  return (await listBackups(await rig.site())).map(({ manifest }) => manifest.runId);
}
