import type { Inventory } from './inventory.ts';

/** What a destruction takes away and what it leaves, a line for each kind of thing. */
export function destroyLines({ owned, foreign, byHand, drill }: Inventory): readonly string[] {
  const kinds = [...new Set(owned.map(({ kind }) => kind))];
  const lines = kinds.map((kind) => {
    const names = owned.filter((one) => one.kind === kind).map(({ name }) => name);
    return `${plural(kind, names.length)}: ${names.toSorted().join(', ')}`;
  });
  return [
    ...lines.map((line) => `destroyed  ${line}`),
    ...(drill === undefined ? [] : [`destroyed  what a drill left in ${drill}`]),
    ...(byHand.length === 0
      ? []
      : [`lost       values that only you have: ${byHand.join(', ')} (in no backup)`]),
    ...foreign.map((line) => `left       ${line}`),
  ];
}

function plural(kind: string, count: number): string {
  if (count === 1) return `1 ${kind}`;
  return `${count} ${kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`}`;
}
