/**
 * The expression of a `matchGlob` (Cloud Storage, "List objects using glob"): `*` and `?` stop at
 * `/`, `**` does not, `[a-z]` is one of a set, `{a,b}` one of several.
 */
export function globPattern(glob: string): RegExp {
  const parts = glob.match(/\*\*\/|\*\*|\*|\?|\[!?[^\]]+\]|[{},]|[^*?[{},]+|\[/g) ?? [];
  let depth = 0;
  const source = parts.map((part) => {
    if (part === '{') depth += 1;
    const text = partOf(part, depth > 0);
    if (part === '}') depth = Math.max(0, depth - 1);
    return text;
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

function partOf(part: string, inBraces: boolean): string {
  if (part === '**/') return '(?:.*/)?';
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  if (/^\[.+\]$/.test(part)) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
  if (part === '{') return '(?:';
  if (part === '}' && inBraces) return ')';
  if (part === ',' && inBraces) return '|';
  return part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}
