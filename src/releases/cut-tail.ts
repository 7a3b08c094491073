import { listGenerations } from '../gcp/generations.ts';
import type { ReleaseShelf } from '../site.ts';
import { candidatesFor } from './ledger-candidates.ts';
import { fileName } from './verify-ledger.ts';
import type { Break } from './verify-ledger.ts';

/**
 * The break of a chain whose newest entry was taken away: what is left of it holds together, but the
 * versioned bucket still has the entry that came next.
 */
export async function cutTail(
  site: ReleaseShelf,
  { length, head }: { readonly length: number; readonly head: string },
): Promise<readonly Break[]> {
  const number = length + 1;
  const name = fileName(number);
  const ref = { bucket: site.releaseBucket, name: `ledger/${name}` };
  const generations = await listGenerations(site.google, ref);
  if (generations.length === 0) return [];
  const next = await candidatesFor(site, { number, previous: head });
  return next.length > 0 ? [{ name, problem: 'it was taken away: it was the newest entry' }] : [];
}
