import type { MigrationDetails } from '../plan-migrations.ts';
import type { UndoEntry } from './undo-entry.ts';

/** How each revision is wound back; only one that is declared `expand` can go without a loss. */
export function migrationUndo(migrations: readonly MigrationDetails[]): readonly UndoEntry[] {
  return migrations.flatMap(({ service, from, revisions }) =>
    revisions.map(({ revision, kind }) => {
      const about = { kind: 'migration' as const, name: `${service} ${revision}` };
      return kind === 'expand'
        ? { ...about, change: kind, undo: 'downgrade' as const, how: `to ${from ?? 'nothing'}` }
        : {
            ...about,
            change: kind ?? 'undeclared',
            undo: 'irreversible' as const,
            how: 'a downgrade would lose data; the backup holds what was there',
            pointOfNoReturn: `migration:${revision}`,
          };
    }),
  );
}
