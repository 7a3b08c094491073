import { areas } from '../../releases/compare/difference.ts';
import type { Difference } from '../../releases/compare/difference.ts';
import { wrap } from './wrap.ts';

/** The differences between two releases, area by area, in lines that fit a table's width. */
export function differenceLines(found: readonly Difference[]): readonly string[] {
  return areas.flatMap((area) => {
    const lines = found.filter((one) => one.area === area).map(lineOf);
    return lines.length === 0 ? [] : [area, ...lines.flatMap((line) => wrap(line))];
  });
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

function lineOf({ name, field, change, before, after }: Difference): string {
  const what = field === undefined ? name : `${name} ${field}`;
  if (change === 'changed' && before !== undefined && after !== undefined)
    return `  ~ ${what}: ${short(before)} -> ${short(after)}`;
  const value = after ?? before;
  return `  ${signs[change]} ${what}${value === undefined ? '' : `: ${short(value)}`}`;
}

/** Digests say enough by their first digits. */
function short(value: string): string {
  return value.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1');
}
