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
    revisions.map(({ revision, kind, program, back }) => {
      const pointOfNoReturn = risks.get(`${service} ${revision}`);
      const about = { kind: 'migration' as const, name: `${service} ${revision}` };
      if (pointOfNoReturn === undefined && program && back?.exists !== true && from !== null)
        return { ...about, change: 'program', undo: 'keep' as const, how: stays };
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

const stays = 'what it adds stays, for there is no `down`; older code works on with it';
