import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Approval, StopRequest } from '../../workflows/messages.ts';
import { approveUpdate, stopUpdate, undoUpdate } from '../../workflows/messages.ts';
import type { Verdict } from '../../src/unwind.ts';
import { broken, openStage, planned, silent, untilCancelled } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
}, 240_000);

afterEach(async () => {
  await stage.replay();
});

afterAll(async () => {
  await stage.leave();
});

/** Undos in the order of the table; each step with the activity that does it. */
const steps = [
  ['planRelease', undefined],
  ['backUp', undefined],
  ['applyFoundation', 'undoFoundation'],
  ['bootstrapSupabase', 'restoreSupabase'],
  ['fillSecrets', 'withdrawSecrets'],
  ['migrate', 'downgrade'],
  ['applyServices', 'undoServices'],
  ['smokeTest', undefined],
  ['promote', 'restoreTraffic'],
] as const;
const undos = new Set<string>(steps.flatMap(([, undo]) => undo ?? []));
const undone = (calls: readonly string[]) => calls.filter((name) => undos.has(name));

/** The undos of every step up to the k-th, newest first. */
function backFrom(k: number): readonly string[] {
  // Foundation and Supabase run side by side: where one fails the other has begun too.
  const begun = steps[k]?.[0] === 'applyFoundation' ? k + 1 : k;
  return steps
    .slice(0, begun + 1)
    .flatMap(([, undo]) => undo ?? [])
    .toReversed();
}

describe('a deploy', () => {
  it('that meets no failure completes, and undoes nothing', async () => {
    const play = await stage.begin('deploy');
    expect(await play.end(), await play.told()).toBeUndefined();
    expect(undone(play.calls)).toEqual([]);
    expect(play.calls.slice(-2)).toEqual(['verifyAndRecord', 'recordOutcome']);
  });

  it.each(steps.map(([name], k) => ({ name, k })))(
    'that fails at $name winds back every begun step, newest first',
    async ({ name, k }) => {
      const play = await stage.begin('deploy', {
        [name]: () => {
          throw broken(`${name} broke`);
        },
      });
      expect(await play.end()).toBe(k === 0 ? 'Rejected' : 'RolledBack');
      expect(undone(play.calls)).toEqual(backFrom(k));
      expect((await play.report()).failure).toMatchObject({ what: `${name} broke` });
    },
  );

  it('that fails after the traffic has moved undoes nothing and says so', async () => {
    const play = await stage.begin('deploy', {
      verifyAndRecord: () => {
        throw broken('the cloud disagrees');
      },
    });
    expect(await play.end()).toBe('LeftBehind');
    expect(undone(play.calls)).toEqual([]);
    expect((await play.report()).outcome).toBe('failed-past-pivot');
  });

  it('that is cancelled winds back before it ends', async () => {
    const play = await stage.begin('deploy', { applyServices: untilCancelled });
    await vi.waitUntil(() => play.calls.includes('applyServices'), 60_000);
    await play.handle.cancel();
    expect(await play.end()).toBe('CancelledFailure');
    expect(undone(play.calls)).toEqual(backFrom(6));
  });

  it('that is stopped winds back, and cannot be stopped twice', async () => {
    const play = await stage.begin('deploy', {
      migrate: untilCancelled,
      downgrade: () => {
        throw broken('no way down');
      },
    });
    const args: [StopRequest] = [{ reason: 'a test', actor: 'tester' }];
    const stop = { args };
    await vi.waitUntil(() => play.calls.includes('migrate'), 60_000);
    await play.handle.executeUpdate(stopUpdate, stop);
    await parkedAt(play, 'migrate');
    await expect(play.handle.executeUpdate(stopUpdate, stop)).rejects.toThrow();
    play.change('downgrade', () => ({}));
    await decide(play, 'migrate', { action: 'retry' });
    expect(await play.end()).toBe('RolledBack');
    expect(undone(play.calls)).toEqual(['downgrade', ...backFrom(5)]);
  });

  it('whose step had its effect and then fell silent tries it again, and goes on', async () => {
    let effects = 0;
    const play = await stage.begin('deploy', {
      applyServices: (attempt) => {
        effects = 1; // safe to run twice
        return attempt === 1 ? silent() : { candidates: {} };
      },
    });
    expect(await play.end()).toBeUndefined();
    expect(play.calls.filter((name) => name === 'applyServices')).toHaveLength(2);
    expect(effects).toBe(1);
    expect(undone(play.calls)).toEqual([]);
  });
});

describe('an undo that cannot finish parks the run', () => {
  const stuck = () =>
    stage.begin('deploy', {
      smokeTest: () => {
        throw broken('smoke');
      },
      undoServices: () => {
        throw broken('stuck');
      },
    });

  it('until the operator says retry, and it works', async () => {
    const play = await stuck();
    await parkedAt(play, 'services');
    await expect(decide(play, 'migrate', { action: 'retry' })).rejects.toThrow();
    play.change('undoServices', () => ({}));
    await decide(play, 'services', { action: 'retry' });
    expect(await play.end()).toBe('RolledBack');
    expect(undone(play.calls)).toEqual(['undoServices', ...backFrom(7)]);
  });

  it('until the operator skips it: named as left behind, the other undos run', async () => {
    const play = await stuck();
    await parkedAt(play, 'services');
    await decide(play, 'services', { action: 'skip', reason: 'gone for good' });
    expect(await play.end()).toBe('LeftBehind');
    expect(undone(play.calls)).toEqual(backFrom(7));
    const { outcome, left } = await play.report();
    expect(outcome).toBe('rolled-back-except');
    expect(left).toMatchObject([{ step: 'services', reason: 'gone for good' }]);
  });

  it('until the operator says that it was done by hand: nothing is left behind', async () => {
    const play = await stuck();
    await parkedAt(play, 'services');
    await decide(play, 'services', { action: 'done', reason: 'by hand' });
    expect(await play.end()).toBe('RolledBack');
    expect((await play.report()).left).toEqual([]);
  });
});

describe('a plan that waits for approval', () => {
  it('is not let go by another digest, and goes on by its own', async () => {
    const play = await stage.begin('deploy', {}, 'wait');
    await becomes(play, 'waiting-for-approval');
    const approve = (digest: string) =>
      play.handle.executeUpdate(approveUpdate, { args: [{ digest, actor: 'another' }] });
    await expect(approve('b'.repeat(64))).rejects.toThrow();
    expect((await play.report()).outcome).toBe('waiting-for-approval');
    expect(play.calls).not.toContain('backUp');
    await approve('a'.repeat(64));
    expect(await play.end()).toBeUndefined();
    expect(play.calls).toContain('promote');
  });
});

describe('a plan that costs more than passes by itself', () => {
  it('waits for a word where nothing else does', async () => {
    const cost = { fixed: 80, unknown: [], approve: '$80.00 a month, over the $75' };
    const play = await stage.begin('deploy', { planRelease: () => planned({ cost }) });
    await becomes(play, 'waiting-for-approval');
    const args: [Approval] = [{ digest: 'a'.repeat(64), actor: 'another' }];
    await play.handle.executeUpdate(approveUpdate, { args });
    expect(await play.end()).toBeUndefined();
  });
});

type Staged = Awaited<ReturnType<Stage['begin']>>;

async function becomes(play: Staged, outcome: string): Promise<void> {
  await vi.waitUntil(async () => (await play.report()).outcome === outcome, 60_000);
}

async function parkedAt(play: Staged, step: string): Promise<void> {
  await becomes(play, 'parked');
  expect((await play.report()).parkedAt).toBe(step);
}

async function decide(play: Staged, step: string, verdict: Verdict): Promise<void> {
  await play.handle.executeUpdate(undoUpdate, { args: [{ step, verdict, actor: 'tester' }] });
}
