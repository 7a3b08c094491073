import type { Deploy } from '../src/deploy.ts';
import { readMarker } from '../src/lease/read-lease.ts';
import type { Work } from './edge.ts';

/** Which run changes the environment, or was ended while it did; null where none does. */
export async function whoChanges(_d: Deploy, { site }: Work): Promise<string | null> {
  const marker = await readMarker(site);
  if (!marker) return null;
  const { kind, dirty, actor, since, step } = marker;
  return `the ${kind} ${dirty} of ${actor}, started at ${since}, is at ${step}`;
}
