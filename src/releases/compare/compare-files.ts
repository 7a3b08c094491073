import type { Difference } from './difference.ts';
import type { ReleaseParts } from './release-parts.ts';

// What these say is compared word by word, or follows from what is.
const read = new Set(['windlass.json', 'images.json', 'builds.json', 'tools.json', 'format.json']);

/** Files that were added, removed or changed. */
export function compareFiles(before: ReleaseParts, after: ReleaseParts): readonly Difference[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths].toSorted().flatMap((path) => {
    if (read.has(path)) return [];
    const [was, is] = [before.files.get(path), after.files.get(path)];
    if (was && is && was.equals(is)) return [];
    return [{ ...placeOf(path), change: !was ? 'added' : is ? 'changed' : 'removed' }];
  });
}

function placeOf(path: string): Pick<Difference, 'area' | 'name' | 'field'> {
  const [first = '', second = '', ...rest] = path.split('/');
  if (first === 'migrations') return { area: 'migrations', name: second, field: rest.join('/') };
  if (first === 'infra') return { area: 'infra', name: path };
  if (first === 'smoke') return { area: 'smoke', name: path };
  if (path === 'access.yaml') return { area: 'access', name: path };
  return { area: 'files', name: path };
}
