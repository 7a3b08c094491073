import { expect, it } from 'vitest';
import { historyLines } from '../../../src/cli/history/history-lines.ts';
import type { SeenRun } from '../../../src/cli/history/seen-runs.ts';
import { toldRuns } from '../../../src/cli/history/told-run.ts';
import type { Report } from '../../../src/report.ts';
import type { LedgerEntry } from '../../../src/releases/ledger-entry.ts';

const release = { id: 'r-26301385c17d', object: 'releases/r.tar', sha256: '0'.repeat(64) };

const entry: LedgerEntry = {
  ...{ number: 1, at: '2026-11-29T10:05:00.000Z', runId: 'one', kind: 'deploy', actor: 'ada' },
  ...{ outcome: 'succeeded', release, secretVersions: {}, revisions: {}, traffic: {}, left: [] },
  ...{ seconds: { plan: 20, services: 40 }, previous: '', hash: '' },
  acts: [{ act: 'start', by: 'ada', how: 'os-user', reason: 'a new page' }],
};
const seen: SeenRun = {
  ...{ runId: 'one', kind: 'deploy', actor: 'ada', state: 'completed', release: null },
  ...{ startedAt: '2026-11-29T10:00:00.000Z', endedAt: '2026-11-29T10:05:01.000Z' },
};
const open: SeenRun = { ...seen, runId: 'two', state: 'running', endedAt: null };
const report: Report = {
  ...{ kind: 'deploy', environment: 'production', outcome: 'rejected', steps: [] },
  ...{ left: [], kept: [], failedStep: 'plan', release: 'r-aaaaaaaaaaaa' },
  failure: { code: 'X', what: 'The images\nare missing', why: '', fix: '' },
};
const refused: SeenRun = {
  ...{ ...seen, runId: 'three', state: 'failed', endedAt: '2026-11-30T09:00:00.000Z' },
  report,
};

it('tells each run once, newest first, those without a ledger entry too', () => {
  const told = toldRuns([entry], [seen, open, refused]);
  expect(told.map(({ runId, entry: number }) => [runId, number])).toEqual([
    ['two', null],
    ['three', null],
    ['one', 1],
  ]);
  expect(told[2]).toMatchObject({ seconds: 301, reason: 'a new page', release: release.id });
  expect(told[1]).toMatchObject({ outcome: 'rejected', failedStep: 'plan' });
});

it('without Temporal the steps’ seconds are all that is known of the time', () => {
  expect(toldRuns([entry], [])).toMatchObject([{ seconds: 60, startedAt: null }]);
});

it('a plan is called a plan', () => {
  const [told] = toldRuns([], [{ ...refused, report: { ...report, planOnly: true } }]);
  expect(told?.kind).toBe('plan');
});

it('shows one line a run that fits 80 columns, whatever was typed as the reason', () => {
  const wordy = {
    ...entry,
    actor: 'somebody@a-long-domain.example',
    outcome: 'rolled-back-except',
  };
  const acts = [{ act: 'stop', by: 'x', how: 'y', reason: 'two\nlines '.repeat(20) }];
  const runs = toldRuns([{ ...wordy, acts }], [open, refused]);
  const lines = historyLines(runs, { now: new Date('2026-11-30T12:00:00Z'), width: 80 });
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(lines[0]).toMatch(/^ENDED +KIND +WHO +OUTCOME +RELEASE +TOOK +WHY$/);
  expect(lines[1]).toMatch(/^open +deploy +ada +running/);
  expect(lines[2]).toMatch(/refused +r-aaaaaaaaaaaa +\S+ at plan/);
  expect(lines[3]).toMatch(/left behind +r-26301385c17d +1m00s +two lines/);
});
