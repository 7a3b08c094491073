import { describe, expect, it } from 'vitest';
import { brokenSaga } from './simulated/broken-sagas.ts';
import { simulate } from './simulated/simulate.ts';
import type { Simulated } from './simulated/simulate.ts';

// `make simulate RUNS=10000`; SEED=17 plays one run again.
const runs = Number(process.env['WINDLASS_SAGA_RUNS'] ?? 600);
const first = Number(process.env['WINDLASS_SAGA_SEED'] ?? 1);

describe('a saga whose attempts are doubled, answers lost, completions late, workers killed', () => {
  it(`keeps its promises in ${runs} runs from seed ${first} on`, { timeout: 600_000 }, async () => {
    const seen: Simulated[] = [];
    for (let seed = first; seed < first + runs; seed += 1) seen.push(await simulate(seed));
    const broken = seen.filter(({ problems }) => problems.length > 0);
    const replay = broken.map(
      ({ seed, problems }) => `make simulate RUNS=1 SEED=${seed}: ${problems.join('; ')}`,
    );
    process.stdout.write(`${figuresOf(seen)}\n`);
    expect(replay).toEqual([]);
  });

  it('is played the same again by the same seed', async () => {
    expect(await simulate(4711)).toEqual(await simulate(4711));
  });

  it.for([
    'undo registered after the do',
    'undone in the order of beginning',
    'undone at the first failure',
  ] as const)('would notice this mistake: %s', async (fault) => {
    const seeds = Array.from({ length: 300 }, (_, index) => index + 1);
    const seen = await Promise.all(seeds.map((seed) => simulate(seed, brokenSaga(fault))));
    expect(seen.filter(({ problems }) => problems.length > 0).length).toBeGreaterThan(0);
  });
});

function figuresOf(seen: readonly Simulated[]): string {
  const sum = (of: (one: Simulated) => number): number =>
    seen.reduce((total, one) => total + of(one), 0);
  const outcomes = Object.entries(Object.groupBy(seen, ({ outcome }) => outcome));
  const ended = outcomes.map(([outcome, some]) => `${some?.length} ${outcome}`).join(', ');
  return `${seen.length} runs: ${ended}; ${sum(({ attempts }) => attempts)} attempts, ${sum(({ deaths }) => deaths)} deaths, ${sum(({ problems }) => problems.length)} broken promises`;
}
