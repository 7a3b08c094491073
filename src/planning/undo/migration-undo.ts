import { migrationRisks } from '../migration-risks.ts';
import type { Migration } from '../migration-risks.ts';
import type { UndoEntry } from './undo-entry.ts';

/**
 * How each revision is wound back; only one that is declared `expand` can go without a loss, or
 * any where the schema held nothing before.
 */
export function migrationUndo(migrations: readonly Migration[]): readonly UndoEntry[] {
  const risks = new Map(
    migrationRisks(migrations).map(({ service, revision, name }) => [
      `${service} ${revision}`,
      name,
    ]),
  );
  return migrations.flatMap(({ service, from, revisions }) =>
    revisions.map(({ revision, kind }) => {
      const pointOfNoReturn = risks.get(`${service} ${revision}`);
      const about = { kind: 'migration' as const, name: `${service} ${revision}` };
      return pointOfNoReturn === undefined
        ? {
            ...about,
            change: kind ?? 'undeclared',
            undo: 'downgrade' as const,
            how: `to ${from ?? 'nothing'}`,
          }
        : {
            ...about,
            change: kind ?? 'undeclared',
            undo: 'irreversible' as const,
            how: 'a downgrade would lose data; the backup holds what was there',
            pointOfNoReturn,
          };
    }),
  );
}
