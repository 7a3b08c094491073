/** Numbers that a seed decides: the same seed, the same run. */
export interface Random {
  /** From 0 up to, not including, 1. */
  readonly next: () => number;
  readonly int: (from: number, to: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(weighted: readonly (readonly [T, number])[]) => T;
}

/** Mulberry32: 32 bits of state, good enough to choose faults by. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (weighted) => {
      const [first] = weighted;
      if (first === undefined) throw new Error('nothing to pick from');
      let left = next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of weighted) if ((left -= weight) < 0) return value;
      return first[0];
    },
  };
}
