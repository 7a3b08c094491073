import { z } from 'zod';
import type { Binding } from '../../deploy.ts';
import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { PlanJson } from '../../terraform/plan-json.ts';
import { migrationUndo } from './migration-undo.ts';
import type { Migration } from '../migration-risks.ts';
import { resourceUndo } from './resource-undo.ts';
import { secretUndo } from './secret-undo.ts';
import { settingUndo } from './setting-undo.ts';
import { bindingUndo, trafficUndo } from './traffic-undo.ts';
import { UndoEntry } from './undo-entry.ts';
import { UndoSummary } from './undo-summary.ts';
import { undoTime } from './undo-time.ts';

/** Every change with its undo, before anything is touched. */
export const UndoPlan = UndoSummary.extend({ entries: z.array(UndoEntry) });
export type UndoPlan = z.infer<typeof UndoPlan>;

/** What a plan changes, part by part. */
export interface Changes {
  /** Terraform's plans, and that of what is removed once the traffic has moved. */
  readonly terraform: readonly PlanJson[];
  readonly migrations: readonly Migration[];
  readonly settings: readonly string[];
  readonly missingSecrets: readonly string[];
  readonly promote: readonly string[];
  /** Splits that follow LATEST. */
  readonly bind?: readonly Binding[];
}

/** The undo of a plan; `ledger` tells how long such things took. */
export function undoPlan(changes: Changes, ledger: readonly LedgerEntry[]): UndoPlan {
  const entries = [
    ...once(changes.terraform.flatMap(resourceUndo)),
    ...migrationUndo(changes.migrations),
    ...settingUndo(changes.settings),
    ...secretUndo(changes.missingSecrets),
    ...trafficUndo(changes.promote),
    ...bindingUndo(changes.bind ?? []),
  ];
  const points = entries.flatMap(({ pointOfNoReturn }) => pointOfNoReturn ?? []);
  return {
    changes: entries.length,
    coveragePercent: coverage(entries),
    ...undoTime(entries, ledger),
    ways: count(entries),
    pointsOfNoReturn: [...new Set(points)].sort(),
    entries,
  };
}

/** What is deleted with its parent may stand in two plans. */
function once(entries: readonly UndoEntry[]): readonly UndoEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.change} ${entry.name}`, entry])).values()];
}

function coverage(entries: readonly UndoEntry[]): number {
  const covered = entries.filter(
    ({ undo }) => !['irreversible', 'empty and keep', 'keep'].includes(undo),
  ).length;
  // Rounded down: 100 is said only where nothing is left out.
  return entries.length === 0 ? 100 : Math.floor((100 * covered) / entries.length);
}

function count(entries: readonly UndoEntry[]): Readonly<Record<string, number>> {
  const ways: Record<string, number> = {};
  for (const { undo } of entries) ways[undo] = (ways[undo] ?? 0) + 1;
  return ways;
}
