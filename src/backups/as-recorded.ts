import type { LedgerEntry } from '../releases/ledger-entry.ts';
import type { BackupSet } from './list-backups.ts';

/**
 * Whether a set's manifest is the one that the ledger recorded when it was made. A set that was made
 * beside the runs has no entry, and only its own digests speak for it.
 */
export function isAsRecorded({ stored }: BackupSet, ledger: readonly LedgerEntry[]): boolean {
  return ledger.every(
    ({ backup }) => backup?.object !== stored.object || backup.sha256 === stored.sha256,
  );
}
