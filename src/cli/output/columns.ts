import { tableWidth } from './wrap.ts';

interface Table {
  /** The most that each column may take; the last one gets what is left of the line. */
  readonly most: readonly number[];
  readonly width?: number;
}

/** Rows as lines: each column is as wide as what stands in it, and what does not fit is cut. */
export function columnLines(
  rows: readonly (readonly string[])[],
  { most, width = tableWidth }: Table,
): readonly string[] {
  const flat = rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ').trim()));
  const widths = most.map((limit, column) =>
    Math.min(limit, Math.max(0, ...flat.map((row) => row[column]?.length ?? 0))),
  );
  return flat.map((row) => {
    const cells = row.map((cell, column) => {
      const room = widths[column];
      return room === undefined ? cell : cut(cell, room).padEnd(room);
    });
    return cut(cells.join(' ').trimEnd(), width);
  });
}

/** The width of the terminal that answers go to, never less than what every table fits in. */
export function answerWidth(): number {
  return Math.max(tableWidth, process.stdout.columns ?? tableWidth);
}

/** A text in at most `room` characters, marked where it was cut. */
export function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}
