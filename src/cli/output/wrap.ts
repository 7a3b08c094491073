/** What every table fits in; a terminal of any width shows it whole. */
export const tableWidth = 80;

/** A line in pieces that fit, broken at spaces; those after the first stand further in. */
export function wrap(line: string, width = tableWidth): readonly string[] {
  if (line.length <= width) return [line];
  const inset = (/^ */.exec(line) ?? [''])[0] + '    ';
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = breakOf(rest, width, pieces.length === 0 ? inset.length - 3 : inset.length + 1);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = inset + rest.slice(at).trimStart();
  }
  return [...pieces, rest];
}

/** Where a line is broken; one word that is longer than all is cut. */
function breakOf(line: string, width: number, least: number): number {
  const space = line.lastIndexOf(' ', width);
  return space >= least ? space : width;
}
