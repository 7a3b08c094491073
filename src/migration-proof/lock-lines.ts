import { hinders } from './locks.ts';
import type { Effects } from './witness.ts';

/** Which live tables the revisions lock so that others wait, and for how long on the copy. */
export function lockLines(effects: readonly Effects[]): readonly string[] {
  return effects.flatMap(({ service, revision, locks }) =>
    locks.map(({ table, mode, ms }) => {
      const who = hinders(mode) ?? 'nobody';
      return `${service} ${revision}: ${table}, ${mode} for about ${Math.max(ms, 1)} ms; ${who} wait`;
    }),
  );
}
