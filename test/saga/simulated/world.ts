/** The world that steps change: one effect each, fenced by the newest attempt that has claimed it. */
export interface World {
  /** Takes the right to write for an attempt; those of older attempts end. */
  readonly claim: (step: string, token: number) => void;
  /** Makes a step's effect, once; false where the attempt is not the newest. */
  readonly make: (step: string, token: number) => boolean;
  /** Takes a step's effect back; false where the attempt is not the newest. */
  readonly unmake: (step: string, token: number) => boolean;
  readonly stands: () => readonly string[];
  /** How often an effect was really made, and really taken back. */
  readonly made: (step: string) => number;
  readonly unmade: (step: string) => number;
  /** Every change in its order. */
  readonly log: readonly { readonly step: string; readonly what: 'made' | 'unmade' }[];
}

/** An empty world. */
export function openWorld(): World {
  const fences = new Map<string, number>();
  const effects = new Set<string>();
  const log: { step: string; what: 'made' | 'unmade' }[] = [];
  const isNewest = (step: string, token: number): boolean => fences.get(step) === token;
  const count = (step: string, what: string): number =>
    log.filter((one) => one.step === step && one.what === what).length;
  return {
    claim: (step, token) => {
      fences.set(step, Math.max(token, fences.get(step) ?? 0));
    },
    make: (step, token) => {
      if (!isNewest(step, token)) return false;
      if (!effects.has(step)) log.push({ step, what: 'made' });
      effects.add(step);
      return true;
    },
    unmake: (step, token) => {
      if (!isNewest(step, token)) return false;
      if (effects.delete(step)) log.push({ step, what: 'unmade' });
      return true;
    },
    stands: () => [...effects],
    made: (step) => count(step, 'made'),
    unmade: (step) => count(step, 'unmade'),
    log,
  };
}
