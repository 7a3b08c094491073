import type { UndoEntry } from './undo-entry.ts';

/** The traffic of a service goes back to the split that was recorded; a new service goes away. */
export function trafficUndo(promote: readonly string[]): readonly UndoEntry[] {
  return promote.map((name) => ({
    kind: 'traffic',
    name,
    change: 'to the new revision',
    undo: 'previous revision',
    how: 'the recorded split, all services in one go',
  }));
}
