import { Failure, failureText } from '../failure.ts';
import type { FailureText } from '../failure.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { LedgerEntry } from '../releases/ledger-entry.ts';
import { ledgerInBucket } from '../releases/ledger-files.ts';
import { readLedger } from '../releases/ledger.ts';
import type { Site } from '../site.ts';

const shownInPart: ReadonlySet<string> = new Set(['LEDGER_BROKEN', 'FORMAT_NEWER']);

/** A ledger for showing alone: a broken one is shown as far as it can be read, and called broken; a bucket that is not there has none. */
export async function ledgerShown(site: Site): Promise<{
  readonly ledger: readonly LedgerEntry[];
  readonly broken?: FailureText;
}> {
  try {
    return { ledger: (await unlessMissing(readLedger(site))) ?? [] };
  } catch (error) {
    if (!(error instanceof Failure) || !shownInPart.has(error.code)) throw error;
    return { ledger: await readable(site), broken: failureText(error) };
  }
}

async function readable(site: Site): Promise<readonly LedgerEntry[]> {
  return (await ledgerInBucket(site))
    .flatMap(({ text }) => LedgerEntry.safeParse(parsed(text)).data ?? [])
    .sort((a, b) => a.number - b.number);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
