import { expect, it } from 'vitest';
import { reportOfEntry } from '../../../src/cli/page/report-of-entry.ts';
import type { LedgerEntry } from '../../../src/releases/ledger-entry.ts';

const entry: LedgerEntry = {
  ...{ number: 3, at: '2026-11-30T10:00:00Z', runId: 'run-3', actor: 'ada', kind: 'deploy' },
  ...{ outcome: 'rolled-back', failedStep: 'smoke', failure: 'SMOKE_FAILED: it answers 500' },
  ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [], previous: '0', hash: '1' },
  seconds: { plan: 2.1, services: 4, smoke: 1 },
  undo: { services: 'undone', plan: 'kept' },
};

it('a run that Temporal has forgotten is told from the ledger', () => {
  const report = reportOfEntry(entry, 'production');
  expect(report).toMatchObject({ outcome: 'rolled-back', failure: { code: 'SMOKE_FAILED' } });
  expect(report?.steps.map(({ id, status, note }) => [id, status, note])).toEqual([
    ['plan', 'done', '2.1 s'],
    ['services', 'undone', '4 s'],
    ['smoke', 'failed', '1 s'],
  ]);
});

it('a drill is no run of a table', () => {
  expect(reportOfEntry({ ...entry, kind: 'drill' }, 'production')).toBeUndefined();
});
