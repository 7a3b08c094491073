/** Letters of a word that somebody may have mistyped; each is compared with each of the other word. */
const longest = 100;

/** The word of a list that a mistyped one means; undefined where none is near. */
export function nearest(word: string, list: readonly string[]): string | undefined {
  if (word.length > longest) return undefined;
  const ranked = list.map((one) => ({ one, far: distance(word, one) }));
  const [best] = ranked.sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, word.length / 3) ? best.one : undefined;
}

/** The number of letters to add, to take away or to change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of a.split('').entries()) {
    const next = [index + 1];
    for (const [at, other] of b.split('').entries()) {
      const changed = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
