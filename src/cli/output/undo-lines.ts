import type { UndoEntry } from '../../planning/undo/undo-entry.ts';
import type { UndoPlan } from '../../planning/undo/undo-plan.ts';
import type { UndoSummary } from '../../planning/undo/undo-summary.ts';
import { wrap } from './wrap.ts';

/** The undo in figures: how much, how long, and what there is no way back from. */
export function undoSummaryLines(undo: UndoSummary): readonly string[] {
  if (undo.changes === 0) return [];
  const { coveragePercent, changes, seconds, basis, pointsOfNoReturn } = undo;
  const from = basis === 'recorded' ? 'as recorded' : 'by the documented defaults';
  return [
    `  undo           ${coveragePercent} % of ${changes} changes, about ${duration(seconds)} ${from}`,
    ...pointsOfNoReturn.map((name) => `  NO WAY BACK    ${name}`),
  ];
}

/** The flags that let a plan with points of no return pass. */
export function acceptLines({ pointsOfNoReturn }: UndoSummary): readonly string[] {
  if (pointsOfNoReturn.length === 0) return [];
  return [`  to accept: ${pointsOfNoReturn.map((name) => `--accept ${name}`).join(' ')}`];
}

/**
 * Every change with its undo, in lines that fit a table's width: the changes that are undone in one
 * way stand below it; what cannot be undone comes first.
 */
export function undoTable({ entries }: UndoPlan): readonly string[] {
  const ways = new Map<string, UndoEntry[]>();
  for (const entry of entries.toSorted((a, b) => rank(a.undo) - rank(b.undo))) {
    const way = `undo: ${entry.undo} (${entry.how})`;
    ways.set(way, [...(ways.get(way) ?? []), entry]);
  }
  return [...ways].flatMap(([way, all]) => [
    ...wrap(way),
    ...all.flatMap(({ name, change }) => wrap(`  ${change}: ${shorten(name)}`)),
  ]);
}

function rank(undo: string): number {
  if (undo === 'irreversible') return 0;
  return ['empty and keep', 'keep'].includes(undo) ? 1 : 2;
}

/** Terraform addresses are long; the resource's type says little that its name does not. */
function shorten(name: string): string {
  return name.replace(/google_/g, '').replace(/^module\./, '');
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
