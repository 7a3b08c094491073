import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { held } from '../../../src/held.ts';
import { readLease, readMarker } from '../../../src/lease/read-lease.ts';
import { readLedger } from '../../../src/releases/ledger.ts';
import { standingOf } from '../../../src/releases/standing.ts';
import { otherLane } from '../lane.ts';
import { openRig } from '../rig.ts';
import { versionsAt } from '../urls.ts';
import { bump, carryOut } from './checkout.ts';
import type { Checkout, Deed, Done } from './checkout.ts';
import { pick, seeded } from '../../lease/interleave/chance.ts';
import { overlaps, writesOf } from '../../lease/interleave/writers.ts';

// `make interleave RUNS=200 SEED=7`: seed and round say which interleaving it was.
const rounds = Number(process.env['WINDLASS_INTERLEAVINGS'] ?? 1);
const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
const env = { WINDLASS_LEASE: '3/15/25', WINDLASS_LOCK_PATIENCE: '60' };
/** What is typed while the first deploy runs. */
const beside = ['deploy', 'deploy', 'rollback', 'stop', 'reconcile', 'plan'] as const;
const Told = z.object({ release: z.string().optional(), outcome: z.string() });

let first: Checkout;
let sameTemporal: Checkout;
let otherTemporal: Checkout;
/** What each release was gathered from, by the words of the deploy that brought it. */
const treeOf = new Map<string, Readonly<Record<string, string>>>();

beforeAll(async () => {
  const one = await openRig({ env });
  const twin = await openRig({ beside: one, env: { ...env, WINDLASS_ACTOR: 'twin' } });
  const other = await openRig({
    ...{ beside: one, namespace: otherLane, env: { ...env, WINDLASS_ACTOR: 'other' } },
  });
  const tree = () => ({ gateway: '0', journal: '0' });
  first = { name: 'first', rig: one, tree: tree() };
  sameTemporal = { name: 'same Temporal', rig: twin, tree: tree() };
  otherTemporal = { name: 'other Temporal', rig: other, tree: tree() };
  await bump(first, 'journal', [0, 0]);
  await one.windlass('sandbox', 'up');
  learn([await carryOut(first, 'deploy')]);
}, 900_000);

afterAll(async () => {
  for (const checkout of [otherTemporal, sameTemporal, first]) await checkout?.rig.close();
});

it.each(Array.from({ length: rounds }, (_, n) => n + 1))(
  'interleaving %i: one writer at a time, and what stands is what somebody asked for',
  async (round) => {
    const chance = seeded(seed * 100_003 + round);
    const second = chance() < 0.5 ? sameTemporal : otherTemporal;
    await bump(first, 'journal', [round, 1]);
    await bump(second, 'gateway', [round, 2]);
    const [early, late] = chance() < 0.5 ? [first, second] : [second, first];
    const run = { over: false };
    const beginning = held(carryOut(early, 'deploy').finally(() => (run.over = true)));
    const inApply = chance() < 0.7;
    if (inApply) await untilStep(['foundation', 'services'], run);
    else await pause(chance() * 8000);
    const deeds: Deed[] = [pick(chance, beside)];
    if (chance() < 0.4) deeds.push(pick(chance, beside));
    const others = deeds.map(async (deed, n) => {
      await pause(n * chance() * 5000);
      return carryOut(n === 0 ? late : pick(chance, [early, late]), deed);
    });
    const done = await Promise.all([beginning, ...others]);
    const words = done.map(
      ({ deed, checkout, exitCode }) => `${deed} (${checkout.name}) ${exitCode}`,
    );
    note(`${seed}/${round}${inApply ? ' in an apply' : ''}: ${words.join(', ')}`);
    learn(done);
    for (const { exitCode, all } of done) expect(honest, all).toContain(exitCode);
    await expectSound(done);
  },
  1_200_000,
);

/** Exit codes that say what is true: done, nothing touched, rolled back, left behind, busy. */
const honest = new Set([0, 3, 4, 5, 6]);

async function expectSound(done: readonly Done[]): Promise<void> {
  const site = await first.rig.site();
  const all = done.map((one) => `${one.deed} of ${one.checkout.name}: ${one.all}`).join('\n\n');
  if (await readMarker(site)) {
    const mended = await carryOut(first, 'reconcile');
    expect(mended.exitCode, `${all}\n\n${mended.all}`).toBe(0);
  }
  expect(await readLease(site), all).toBeUndefined();
  expect(overlaps(await writesOf(join(first.rig.home, 'world'))), all).toEqual([]);
  const verified = await first.rig.windlass('ledger', 'verify', '-e', 'production');
  expect(verified.exitCode, verified.all).toBe(0);
  const standing = standingOf(await readLedger(site))?.release.id ?? '';
  expect(await versionsAt(site), all).toMatchObject(treeOf.get(standing) ?? { known: standing });
  const drift = await first.rig.windlass('drift', '-e', 'production');
  expect(drift.exitCode, `${all}\n\n${drift.all}`).toBe(0);
}

/** Which tree each release came from: that of the caller who was told its id. */
function learn(done: readonly Done[]): void {
  for (const { deed, stdout, checkout } of done) {
    const told = deed === 'deploy' ? Told.safeParse(jsonOf(stdout)) : undefined;
    const release = told?.data?.release;
    if (release === undefined) continue;
    expect(treeOf.get(release) ?? checkout.tree).toEqual(checkout.tree);
    treeOf.set(release, { ...checkout.tree });
  }
}

async function untilStep(steps: readonly string[], run: { readonly over: boolean }): Promise<void> {
  const site = await first.rig.site();
  while (!run.over && !steps.includes((await readMarker(site))?.step ?? '')) await pause(150);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line for each interleaving, where `WINDLASS_INTERLEAVE_LOG` names a file. */
function note(line: string): void {
  const file = process.env['WINDLASS_INTERLEAVE_LOG'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}
