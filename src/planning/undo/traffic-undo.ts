import type { Binding } from '../../deploy.ts';
import type { UndoEntry } from './undo-entry.ts';

/** The traffic of a service goes back to the split that was recorded; a new service goes away. */
export function trafficUndo(promote: readonly string[]): readonly UndoEntry[] {
  return promote.map((name) => ({
    kind: 'traffic',
    name,
    change: 'to the new revision',
    undo: 'previous revision',
    how: 'the recorded split, all services at once',
  }));
}

/** A split that is bound stays bound to what it meant: nobody notices, and no apply moves it. */
export function bindingUndo(bind: readonly Binding[]): readonly UndoEntry[] {
  return bind.map(({ service, revision }) => ({
    kind: 'traffic',
    name: service,
    change: `LATEST to ${revision}`,
    undo: 'previous revision',
    how: `stays with ${revision} by name, never back to LATEST`,
  }));
}
