import { expect, it } from 'vitest';
import { LedgerEntry, beginning } from '../../src/releases/ledger-entry.ts';
import { rollbackTarget, standingOf } from '../../src/releases/standing.ts';

function entry(number: number, kind: string, release?: string, outcome = 'succeeded'): LedgerEntry {
  const stored = { object: `releases/${release}.tar`, sha256: 'a'.repeat(64), id: release };
  return LedgerEntry.parse({
    ...{ number, kind, outcome, at: '2026-11-01T10:00:00.000Z', runId: `run-${number}` },
    ...{ actor: 'ann', previous: beginning, hash: beginning },
    ...(release !== undefined && { release: stored }),
  });
}

const deployed = [entry(1, 'deploy', 'r-1'), entry(2, 'deploy', 'r-2')];

it('nothing stands after a destruction, and there is nothing to roll back to', () => {
  const ledger = [...deployed, entry(3, 'destroy')];
  expect(standingOf(ledger)).toBeNull();
  expect(() => rollbackTarget(ledger)).toThrow('There is no release to roll back to');
  expect(() => rollbackTarget(ledger, 'r-1')).toThrow('has never run the release r-1');
});

it('a destruction that did not finish takes no standing away', () => {
  const ledger = [...deployed, entry(3, 'destroy', 'r-2', 'failed-past-pivot')];
  expect(standingOf(ledger)?.release.id).toBe('r-2');
});

it('what was made after a destruction stands, and no rollback leads behind it', () => {
  const ledger = [...deployed, entry(3, 'destroy'), entry(4, 'deploy', 'r-3')];
  expect(standingOf(ledger)?.entry).toBe(4);
  expect(() => rollbackTarget(ledger)).toThrow('There is no release to roll back to');
});
