import { expect, test } from 'vitest';
import { drillVerdict } from '../../src/drills/drill-verdict.ts';
import { LedgerEntry } from '../../src/releases/ledger-entry.ts';

const rule = { warnAfterDays: 7, refuseAfterDays: 30 };
const now = new Date('2026-11-24T00:00:00Z');
const release = { id: 'r-1', object: 'o', sha256: 's' };
const drill = { backup: 'b', rpoSeconds: 1, rtoSeconds: 1, proven: true, left: [] };

test('an environment without a release has nothing to prove', () => {
  expect(drillVerdict([], rule, now).verdict).toBe('fine');
});

test.each([
  [1, 'fine'],
  [8, 'warn'],
  [31, 'refuse'],
])('a first release %i days old without any drill: %s', (days, verdict) => {
  expect(drillVerdict([entry({ days, release })], rule, now).verdict).toBe(verdict);
});

test.each([
  [6, 'fine'],
  [9, 'warn'],
  [40, 'refuse'],
])('a proven drill %i days old: %s', (days, verdict) => {
  const entries = [entry({ days: 90, release }), entry({ days, drill })];
  expect(drillVerdict(entries, rule, now).verdict).toBe(verdict);
});

test('a drill that failed proves nothing', () => {
  const failed = { ...drill, proven: false };
  const entries = [entry({ days: 90, release }), entry({ days: 1, drill: failed })];
  expect(drillVerdict(entries, rule, now).verdict).toBe('refuse');
});

function entry({ days, ...rest }: { days: number; release?: object; drill?: object }): LedgerEntry {
  const at = new Date(now.getTime() - days * 24 * 60 * 60_000).toISOString();
  const kind = rest.drill ? 'drill' : 'deploy';
  const common = { number: 1, runId: 'x', actor: 'a', outcome: 'o', previous: 'p', hash: 'h' };
  return LedgerEntry.parse({ ...common, at, kind, ...rest });
}
