import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { drillName } from '../../src/drills/drill-site.ts';
import { whatIsLeft } from '../../src/drills/what-is-left.ts';
import { readLedger, appendToLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
});

afterAll(async () => {
  await rig.close();
});

it('has nothing to prove before there is a backup with data', async () => {
  const ended = await rig.windlass('drill', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('NO_BACKUP_TO_DRILL');
});

it('recovers the newest backup elsewhere, measures it, and leaves nothing but a ledger entry', async () => {
  const backedUp = await rig.windlass('backup', '-e', 'production');
  expect(backedUp.exitCode, backedUp.all).toBe(0);
  const before = (await rig.fingerprint()).sha256;
  const began = Date.now();
  const ended = await rig.windlass('drill', '-e', 'production', '--json');
  expect(ended.exitCode, ended.all).toBe(0);
  const result = Result.parse(JSON.parse(ended.stdout));
  const wholeSeconds = (Date.now() - began) / 1000;
  expect(result).toMatchObject({ proven: true, left: [] });
  expect(result.rtoSeconds).toBeGreaterThan(0);
  expect(result.rtoSeconds).toBeLessThan(wholeSeconds);
  expect(backedUp.stdout).toContain(result.backup);
  expect(await whatIsLeft(await rig.site(drillName('production')))).toEqual([]);
  expect((await rig.fingerprint()).sha256).toBe(before);
  const newest = (await readLedger(await rig.site())).at(-1);
  expect(newest).toMatchObject({ kind: 'drill', outcome: 'proven', drill: result });
});

it('is told of by a deploy when it is a week old, and asked for after a month', async () => {
  await proveDaysAgo(8);
  const warned = await rig.windlass('deploy', '-e', 'production');
  expect(warned.exitCode, warned.all).toBe(0);
  expect(warned.all).toContain('the last proven restore is 8 days old');
  await proveDaysAgo(31);
  const refused = await rig.windlass('deploy', '-e', 'production');
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain('DRILL_OVERDUE');
  expect(refused.all).toContain('bin/windlass drill -e production');
});

const Result = z.object({
  backup: z.string(),
  rpoSeconds: z.number(),
  rtoSeconds: z.number(),
  proven: z.boolean(),
  left: z.array(z.string()),
});

/** An entry as a drill of that day would have written it; the newest one counts. */
async function proveDaysAgo(days: number): Promise<void> {
  const at = new Date(Date.now() - days * 24 * 60 * 60_000).toISOString();
  const drill = { backup: 'b', rpoSeconds: 1, rtoSeconds: 1, proven: true, left: [] };
  await appendToLedger(await rig.site(), {
    ...{ at, runId: `drill-${days}`, kind: 'drill', actor: 'rig', outcome: 'proven', drill },
    ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [] },
  });
}
