import { listObjects, putOnce, readObject } from '../gcp/objects.ts';
import type { ReleaseShelf, Site } from '../site.ts';
import { LedgerEntry, beginning, hashOf } from './ledger-entry.ts';
import type { LedgerDraft } from './ledger-entry.ts';

/** All entries of the environment's chain, first to last. */
export async function readLedger(site: ReleaseShelf): Promise<readonly LedgerEntry[]> {
  const objects = await listObjects(site.google, site.releaseBucket, 'ledger/');
  const bodies = await Promise.all(
    objects.map(({ name }) => readObject(site.google, { bucket: site.releaseBucket, name })),
  );
  return bodies
    .map((body) => LedgerEntry.parse(JSON.parse(String(body))))
    .sort((a, b) => a.number - b.number);
}

/** Adds an entry at the end of the chain; the same run again changes nothing. */
export async function appendToLedger(site: Site, draft: LedgerDraft): Promise<LedgerEntry> {
  const entries = await readLedger(site);
  const already = entries.find(({ runId }) => runId === draft.runId);
  if (already) return already;
  const last = entries.at(-1);
  const body = { ...draft, number: (last?.number ?? 0) + 1, previous: last?.hash ?? beginning };
  const entry = { ...body, hash: hashOf(body) };
  const name = `ledger/${String(entry.number).padStart(6, '0')}.json`;
  const content = Buffer.from(`${JSON.stringify(entry, null, 2)}\n`);
  await putOnce(site.google, { bucket: site.releaseBucket, name }, content);
  return entry;
}
