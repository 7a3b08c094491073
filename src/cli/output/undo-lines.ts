import type { UndoPlan } from '../../planning/undo/undo-plan.ts';
import type { UndoSummary } from '../../planning/undo/undo-summary.ts';

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

/** Every change with its undo, as a table; what cannot be undone comes first. */
export function undoTable({ entries }: UndoPlan): readonly string[] {
  if (entries.length === 0) return [];
  const cells = entries
    .toSorted((a, b) => rank(a.undo) - rank(b.undo))
    .map(({ name, change, undo, how }) => [shorten(name), change, `${undo}: ${how}`]);
  const rows = [['what', 'change', 'undo'], ...cells];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([what = '', change = '', undo = '']) =>
      `  ${what.padEnd(widths[0] ?? 0)}  ${change.padEnd(widths[1] ?? 0)}  ${undo}`,
  );
}

function rank(undo: string): number {
  return undo === 'irreversible' ? 0 : undo === 'empty and keep' ? 1 : 2;
}

/** Terraform addresses are long; the resource's type says little that its name does not. */
function shorten(name: string): string {
  return name.replace(/google_/g, '').replace(/^module\./, '');
}

function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
