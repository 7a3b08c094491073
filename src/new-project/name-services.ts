import { basename } from 'node:path';
import type { FoundService, Sighted } from './find-services.ts';

const longest = 26;

/** Gives each service the name of its folder; where two share one, that of the folder above as well. */
export function nameServices(
  project: string,
  sighted: readonly Sighted[],
): readonly FoundService[] {
  const short = sighted.map(({ source }) => nameOf(source === '.' ? project : basename(source)));
  const taken = new Set<string>();
  return sighted.map((one, at) => {
    const shared = short.filter((name) => name === short[at]).length > 1;
    const wanted = shared ? nameOf(one.source) : (short[at] ?? 'service');
    const name = free(wanted, taken);
    taken.add(name);
    return { name, ...one };
  });
}

/** A text as a name in windlass.yaml: small letters, digits and dashes, a letter first. */
export function nameOf(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '');
  const name = plain.slice(0, longest).replace(/-+$/, '');
  return name.length < 2 ? `${name || 'my'}-service` : name;
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const name = number === 2 && !taken.has(wanted) ? wanted : `${wanted.slice(0, 23)}-${number}`;
    if (!taken.has(name)) return name;
  }
}
