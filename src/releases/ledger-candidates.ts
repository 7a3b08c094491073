import { listGenerations } from '../gcp/generations.ts';
import { readObject } from '../gcp/objects.ts';
import type { ReleaseShelf } from '../site.ts';
import { fileName, verifiedEntry } from './verify-ledger.ts';

/** A generation of a ledger object that fits into the chain at its place. */
export interface Candidate {
  readonly generation: string;
  readonly content: Buffer;
  readonly hash: string;
}

/** Every generation of an entry that is whole and follows `previous`, oldest first. */
export async function candidatesFor(
  { google, releaseBucket: bucket }: ReleaseShelf,
  { number, previous }: { readonly number: number; readonly previous: string },
): Promise<readonly Candidate[]> {
  const name = fileName(number);
  const object = `ledger/${name}`;
  const generations = await listGenerations(google, { bucket, name: object });
  const found: Candidate[] = [];
  for (const { generation } of generations.toReversed()) {
    const content = await readObject(google, { bucket, name: object, generation });
    const entry = content && verifiedEntry({ name, text: String(content) });
    if (content && entry && entry.previous === previous)
      found.push({ generation, content, hash: entry.hash });
  }
  return found;
}
