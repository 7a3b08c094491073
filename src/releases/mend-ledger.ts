import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { listObjects, readObject, statObject } from '../gcp/objects.ts';
import type { ReleaseShelf } from '../site.ts';
import { candidatesFor } from './ledger-candidates.ts';
import type { Candidate } from './ledger-candidates.ts';
import { beginning } from './ledger-entry.ts';
import { ledgerInBucket } from './ledger-files.ts';
import { fileName, verifyLedger } from './verify-ledger.ts';
import type { Break } from './verify-ledger.ts';

/** What a mending changes: entries that come back, objects that were never an entry and are set aside. */
export interface Mending {
  readonly back: readonly { readonly name: string; readonly content: Buffer }[];
  readonly aside: readonly string[];
  /** What no generation mends; nothing is changed while there is one. */
  readonly beyond: readonly Break[];
}

/**
 * Finds the longest unbroken chain among all generations that the versioned bucket has of each
 * entry, and how the live objects differ from it; touches nothing.
 */
export async function foreseeMending(site: ReleaseShelf): Promise<Mending> {
  const { google, releaseBucket: bucket } = site;
  const chain = await longestChain(site, 1, beginning);
  const live = await listObjects(google, bucket, 'ledger/');
  const names = live.map(({ name }) => name.slice('ledger/'.length));
  const back: { readonly name: string; readonly content: Buffer }[] = [];
  for (const [index, { content }] of chain.entries()) {
    const name = fileName(index + 1);
    const now = await readObject(google, { bucket, name: `ledger/${name}` });
    if (!now?.equals(content)) back.push({ name, content });
  }
  const known = new Set(chain.map((_, index) => fileName(index + 1)));
  const aside = names.filter((name) => !known.has(name));
  const { breaks } = verifyLedger(await ledgerInBucket(site));
  const gap = aside.find((name) => /^\d{6}\.json$/.test(name) && name > fileName(chain.length + 1));
  const lost = fileName(chain.length + 1);
  const beyond = gap
    ? [
        breaks.find(({ name }) => name === lost) ?? {
          name: lost,
          problem: 'no generation of it is whole',
        },
      ]
    : [];
  return { back, aside, beyond };
}

/** Brings the entries back and sets the rest aside; the bucket keeps every generation. */
export async function mendLedger(site: ReleaseShelf, { back, aside }: Mending): Promise<void> {
  const { google, releaseBucket: bucket } = site;
  for (const { name, content } of back) {
    const ref = { bucket, name: `ledger/${name}` };
    const generation = (await statObject(google, ref))?.generation ?? '0';
    await replaceObject(google, { ...ref, generation }, content);
  }
  for (const name of aside) await removeObject(google, { bucket, name: `ledger/${name}` });
}

/** The longest continuation of a chain; of two that are as long, the one that was written first. */
async function longestChain(
  site: ReleaseShelf,
  number: number,
  previous: string,
): Promise<readonly Candidate[]> {
  let best: readonly Candidate[] = [];
  for (const candidate of await candidatesFor(site, { number, previous })) {
    const chain = [candidate, ...(await longestChain(site, number + 1, candidate.hash))];
    if (chain.length > best.length) best = chain;
  }
  return best;
}
