import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSaga } from '../../src/saga.ts';
import type { SagaSurroundings } from '../../src/saga.ts';
import type { Row, Step } from '../../src/step.ts';
import type { Verdict } from '../../src/unwind.ts';

interface World {
  readonly seen: readonly string[];
}

interface Plan {
  readonly rows: readonly number[];
  readonly failAt: number;
  readonly failDuring: 'observe' | 'run' | 'never';
  readonly stuck: readonly number[];
  readonly without: readonly number[];
  readonly pivotAt: number;
  /** The pivot counts from its beginning. */
  readonly onceBegun: boolean;
}

const planned = fc.record({
  rows: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 }),
  failAt: fc.nat(12),
  failDuring: fc.constantFrom('observe', 'run', 'never'),
  stuck: fc.uniqueArray(fc.nat(12), { maxLength: 3 }),
  without: fc.uniqueArray(fc.nat(12), { maxLength: 3 }),
  pivotAt: fc.integer({ min: -1, max: 12 }),
  onceBegun: fc.boolean(),
});

/** A table and a log of all that it did. */
function tableOf(plan: Plan) {
  const log: string[] = [];
  let number = 0;
  const step = (): Step<World> => {
    const n = number;
    number += 1;
    return {
      id: `s${n}`,
      title: `Step ${n}`,
      observe: async () => {
        log.push(`observe ${n}`);
        if (plan.failDuring === 'observe' && n === plan.failAt) throw new Error(`broke ${n}`);
        return {};
      },
      run: async (state) => {
        log.push(`run ${n}`);
        if (plan.failDuring === 'run' && n === plan.failAt) throw new Error(`broke ${n}`);
        return { seen: [...state.seen, `s${n}`] };
      },
      undo: plan.without.includes(n)
        ? { none: 'nothing to undo' }
        : async () => {
            log.push(`undo ${n}`);
            if (plan.stuck.includes(n)) throw new Error(`stuck ${n}`);
          },
      ...(n === plan.pivotAt && { pivot: plan.onceBegun ? ('once begun' as const) : true }),
    };
  };
  const rows: Row<World>[] = plan.rows.map((width) =>
    width === 1 ? step() : Array.from({ length: width }, step),
  );
  return { rows, log, count: number };
}

function surroundings(verdict: Verdict): SagaSurroundings<World> {
  let clock = 0;
  return {
    onProgress: () => undefined,
    now: () => (clock += 1),
    shield: (work) => work(),
    explain: (error) => ({ code: 'X', what: String(error), why: 'test', fix: 'none' }),
    park: async () => verdict,
  };
}

const skip: Verdict = { action: 'skip', reason: 'a test says so' };
const numbers = (log: readonly string[], verb: string): readonly number[] =>
  log.filter((line) => line.startsWith(`${verb} `)).map((line) => Number(line.split(' ')[1]));

describe('a saga', () => {
  it('undoes exactly the begun steps, newest first, and collects what is stuck', async () => {
    await fc.assert(
      fc.asyncProperty(planned, async (plan) => {
        const { rows, log, count } = tableOf(plan);
        const result = await runSaga(rows, { seen: [] }, surroundings(skip));
        const fails = plan.failDuring !== 'never' && plan.failAt < count;
        if (!fails) {
          expect(result.outcome).toBe('succeeded');
          expect(numbers(log, 'undo')).toEqual([]);
          return;
        }
        expect(result.failedStep).toBe(`s${plan.failAt}`);
        if (result.outcome === 'failed-past-pivot') {
          expect(numbers(log, 'undo')).toEqual([]);
          expect(numbers(log, 'run')).toContain(plan.pivotAt);
          return;
        }
        const begun = numbers(log, 'run');
        const undoable = begun.filter((n) => !plan.without.includes(n));
        expect(numbers(log, 'undo')).toEqual(undoable.toReversed());
        const stuck = undoable.filter((n) => plan.stuck.includes(n));
        expect(result.left.map(({ step }) => step)).toEqual(stuck.toReversed().map((n) => `s${n}`));
        expect(result.outcome).toBe(stuck.length > 0 ? 'rolled-back-except' : 'rolled-back');
      }),
      { numRuns: 500 },
    );
  });

  it('undoes nothing once a pivot that counts from its beginning has begun, wherever it fails', async () => {
    await fc.assert(
      fc.asyncProperty(planned, async (drawn) => {
        const plan = { ...drawn, onceBegun: true };
        const { rows, log, count } = tableOf(plan);
        const result = await runSaga(rows, { seen: [] }, surroundings(skip));
        const fails = plan.failDuring !== 'never' && plan.failAt < count;
        if (!fails || !numbers(log, 'run').includes(plan.pivotAt)) return;
        expect(result.outcome).toBe('failed-past-pivot');
        expect(numbers(log, 'undo')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('undoes nothing where its surroundings say that what was begun stays', async () => {
    await fc.assert(
      fc.asyncProperty(planned, async (plan) => {
        const { rows, log } = tableOf({ ...plan, pivotAt: -1 });
        let asked: readonly string[] = [];
        const stays = (begun: readonly string[]): boolean => ((asked = begun), begun.length > 0);
        const result = await runSaga(rows, { seen: [] }, { ...surroundings(skip), stays });
        if (result.outcome === 'succeeded') return;
        expect(numbers(log, 'undo')).toEqual([]);
        expect(result.outcome).toBe(asked.length > 0 ? 'failed-past-pivot' : 'rolled-back');
      }),
      { numRuns: 300 },
    );
  });

  it('begins no row after one that failed', async () => {
    await fc.assert(
      fc.asyncProperty(planned, async (plan) => {
        const { rows, log, count } = tableOf({ ...plan, failDuring: 'run' });
        await runSaga(rows, { seen: [] }, surroundings(skip));
        if (plan.failAt >= count) return;
        const ends = plan.rows.map((_, index) =>
          plan.rows.slice(0, index + 1).reduce((sum, width) => sum + width, 0),
        );
        const endOfRow = ends.find((end) => end > plan.failAt) ?? count;
        expect(Math.max(...numbers(log, 'run'))).toBeLessThan(endOfRow);
      }),
      { numRuns: 300 },
    );
  });

  it('tries a stuck undo again when the operator says retry', async () => {
    let tries = 0;
    const rows: Row<World>[] = [
      {
        id: 'a',
        title: 'A',
        run: async () => ({}),
        undo: async () => {
          tries += 1;
          if (tries < 3) throw new Error('not yet');
        },
      },
      { id: 'b', title: 'B', run: () => Promise.reject(new Error('no')), undo: { none: 'no' } },
    ];
    const result = await runSaga(rows, { seen: [] }, surroundings({ action: 'retry' }));
    expect(tries).toBe(3);
    expect(result.outcome).toBe('rolled-back');
  });

  it('gives an undo everything that was learned before it', async () => {
    let given: World | undefined;
    const rows: Row<World>[] = [
      {
        id: 'a',
        title: 'A',
        observe: async () => ({ seen: ['before'] }),
        run: async (state) => ({ seen: [...state.seen, 'after'] }),
        undo: async (state) => void (given = state),
      },
      { id: 'b', title: 'B', run: () => Promise.reject(new Error('no')), undo: { none: 'no' } },
    ];
    await runSaga(rows, { seen: [] }, surroundings(skip));
    expect(given?.seen).toEqual(['before', 'after']);
  });

  it('skips a step that has nothing to do and never undoes it', async () => {
    const log: string[] = [];
    const idle: Step<World> = {
      id: 'idle',
      title: 'Idle',
      skip: () => 'nothing to do',
      run: async () => {
        log.push('run');
        return {};
      },
      undo: async () => void log.push('undo'),
    };
    const bad: Step<World> = {
      id: 'bad',
      title: 'Bad',
      run: () => Promise.reject(new Error('no')),
      undo: { none: 'no' },
    };
    const result = await runSaga([idle, bad], { seen: [] }, surroundings(skip));
    expect(log).toEqual([]);
    expect(result.steps.find(({ id }) => id === 'idle')?.status).toBe('skipped');
  });
});
