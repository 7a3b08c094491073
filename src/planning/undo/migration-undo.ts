import type { UndoEntry } from './undo-entry.ts';

/** The part of a planned migration that its undo depends on. */
export interface Migration {
  readonly service: string;
  readonly from: string | null;
  readonly revisions: readonly { readonly revision: string; readonly kind: string | null }[];
}

/** How each revision is wound back; only one that is declared `expand` can go without a loss. */
export function migrationUndo(migrations: readonly Migration[]): readonly UndoEntry[] {
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
