import { hinders } from './locks.ts';
import type { Proven } from './prove.ts';
import type { Waited } from './waited.ts';

/**
 * Which live tables the revisions lock so that others wait, and for how long on the copy: by what the
 * statements took, and by what its readers and writers waited.
 */
export function lockLines(proven: readonly Proven[]): readonly string[] {
  return proven.flatMap(({ service, revision, locks, waited }) =>
    locks.map(({ table, mode, ms }) => {
      const who = hinders(mode) ?? 'no one';
      const lock = `${table}, ${mode} for about ${Math.max(ms, 1)} ms; ${who} wait`;
      return `${service} ${revision}: ${lock}${seen(waited.find((one) => one.table === table))}`;
    }),
  );
}

/** A wait too short to be told from none is not there. */
function seen(waited: Waited | undefined): string {
  if (!waited) return '';
  const { readersMs, writersMs } = waited;
  return ` (on the copy: readers up to ${readersMs} ms, writers up to ${writersMs} ms)`;
}
