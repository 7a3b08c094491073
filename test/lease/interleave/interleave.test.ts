import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readObject } from '../../../src/gcp/objects.ts';
import { readLease } from '../../../src/lease/read-lease.ts';
import { readLedger } from '../../../src/releases/ledger.ts';
import { standingOf } from '../../../src/releases/standing.ts';
import { openRoom } from '../room.ts';
import type { Room } from '../room.ts';
import { pick, seeded } from './chance.ts';
import { overlaps, writesOf } from './writers.ts';

// `WINDLASS_LEASE_ROUNDS=200` makes more of them; seed and round say which interleaving it was.
const rounds = Number(process.env['WINDLASS_LEASE_ROUNDS'] ?? 2);
const seed = Number(process.env['WINDLASS_SEED'] ?? 1);
const program = resolve(import.meta.dirname, 'writer.ts');
const Told = z.object({ wanted: z.string() });

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room?.close());

type Deed = 'deploy' | 'reconcile';

/** A run in a process of its own; chance may freeze it for longer than its lease lasts, or kill it. */
async function run(deed: Deed, chance: () => number) {
  const runId = randomUUID();
  const asked = {
    ...{ url: room.google.access.endpoints.run, token: await room.google.access.token() },
    ...{ runId, deed, release: `r-${runId.slice(0, 8)}`, pauseMs: Math.round(chance() * 300) },
  };
  const child = execa(process.execPath, [program, JSON.stringify(asked)], {
    env: { WINDLASS_LEASE: '0.5/3/5' },
    reject: false,
    all: true,
  });
  const trouble = chance();
  const at = 1500 + chance() * 3000;
  const meddle = async (): Promise<void> => {
    await pause(at);
    if (trouble < 0.25) child.kill('SIGKILL');
    if (trouble < 0.25 || trouble >= 0.5) return;
    child.kill('SIGSTOP');
    await pause(2000 + chance() * 8000);
    child.kill('SIGCONT');
  };
  const [{ exitCode, all }] = await Promise.all([child, meddle()]);
  const what = trouble < 0.25 ? 'killed' : trouble < 0.5 ? 'frozen' : 'whole';
  return { deed, exitCode: exitCode ?? -1, all, what };
}

it.each(Array.from({ length: rounds }, (_, n) => n + 1))(
  'interleaving %i of runs that are killed and frozen: one writes at a time, the ledger is the state',
  async (round) => {
    const chance = seeded(seed * 100_003 + round);
    const others = Array.from({ length: 1 + Math.floor(chance() * 3) }, async () => {
      await pause(chance() * 4000);
      return run(pick(chance, ['deploy', 'reconcile', 'reconcile'] as const), chance);
    });
    const done = await Promise.all([run('deploy', chance), ...others]);
    const words = JSON.stringify(done);
    for (const { exitCode, what } of done)
      if (what !== 'killed') expect([0, 3, 5, 6], words).toContain(exitCode);
    if (await readLease(room.site)) {
      const mended = await run('reconcile', () => 0.9);
      expect(mended, words).toMatchObject({ exitCode: 0 });
    }
    expect(await readLease(room.site), words).toBeUndefined();
    expect(overlaps(await writesOf(room.google.world.folder)), words).toEqual([]);
    const state = { bucket: room.site.stateBucket, name: 'all/default.tfstate' };
    const content = await readObject(room.site.google, state);
    const standing = standingOf(await readLedger(room.site))?.release.id ?? 'none';
    if (content) expect(Told.parse(JSON.parse(String(content))).wanted, words).toBe(standing);
  },
  240_000,
);
