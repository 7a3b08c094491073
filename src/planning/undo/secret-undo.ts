import type { UndoEntry } from './undo-entry.ts';

/** A secret that gets a version is wound back by disabling that version. */
export function secretUndo(missing: readonly string[]): readonly UndoEntry[] {
  return missing.map((name) => ({
    kind: 'secret',
    name,
    change: 'new version',
    undo: 'withdraw',
    how: 'the version is disabled; none is destroyed',
  }));
}
