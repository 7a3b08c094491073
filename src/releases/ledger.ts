import { putOnce } from '../gcp/objects.ts';
import type { ReleaseShelf } from '../site.ts';
import { cutTail } from './cut-tail.ts';
import { LedgerEntry, beginning, hashOf } from './ledger-entry.ts';
import type { LedgerDraft } from './ledger-entry.ts';
import { ledgerInBucket } from './ledger-files.ts';
import { refuseBroken } from './refuse-broken.ts';
import { fileName, verifyLedger } from './verify-ledger.ts';

/**
 * All entries of the environment's chain, first to last, for whoever follows them; LEDGER_BROKEN
 * where one was changed, removed or moved since it was written, or the newest was taken away.
 */
export async function readLedger(site: ReleaseShelf): Promise<readonly LedgerEntry[]> {
  const files = await ledgerInBucket(site);
  const { breaks, head } = verifyLedger(files);
  refuseBroken(site, breaks);
  refuseBroken(site, await cutTail(site, { length: files.length, head: head ?? beginning }));
  return files
    .map(({ text }) => LedgerEntry.parse(JSON.parse(text)))
    .sort((a, b) => a.number - b.number);
}

/** Adds an entry at the end of the chain; the same run again changes nothing. */
export async function appendToLedger(site: ReleaseShelf, draft: LedgerDraft): Promise<LedgerEntry> {
  const entries = await readLedger(site);
  const already = entries.find(({ runId }) => runId === draft.runId);
  if (already) return already;
  const last = entries.at(-1);
  const body = { ...draft, number: (last?.number ?? 0) + 1, previous: last?.hash ?? beginning };
  const entry = { ...body, hash: hashOf(body) };
  const name = `ledger/${fileName(entry.number)}`;
  const content = Buffer.from(`${JSON.stringify(entry, null, 2)}\n`);
  await putOnce(site.google, { bucket: site.releaseBucket, name }, content);
  return entry;
}
