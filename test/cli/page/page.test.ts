import { expect, it } from 'vitest';
import type { PageFacts } from '../../../src/cli/page/facts.ts';
import { html } from '../../../src/cli/page/markup.ts';
import { runPage } from '../../../src/cli/page/page.ts';
import type { LedgerEntry } from '../../../src/releases/ledger-entry.ts';
import type { Report } from '../../../src/report.ts';

const failure = { code: 'REVISION_FAILED', what: 'meals <crashed>', why: 'no "port"', fix: 'look' };
const step = { title: 'Do it', status: 'done' } as const;
const report: Report = {
  ...{ kind: 'deploy', environment: 'production', release: 'r-2', left: [] },
  outcome: 'rolled-back',
  failedStep: 'services',
  failure,
  steps: [
    { ...step, id: 'plan', startedAt: 1000, endedAt: 3000 },
    { ...step, id: 'services', status: 'undone', failure, startedAt: 3000, endedAt: 9500 },
    { ...step, id: 'smoke', status: 'waiting' },
  ],
  kept: ['backup b-1'],
  locks: ['habits h2: habits.habits, for about 2 ms'],
  urls: { meals: 'javascript:alert(1)', users: 'https://users.example.com' },
};

function entry(number: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const base = {
    number,
    at: '2026-11-30T10:00:00Z',
    runId: `run-${number}`,
    kind: 'deploy',
  } as const;
  const facts = { actor: 'ada', outcome: 'succeeded', secretVersions: {}, revisions: {}, left: [] };
  return { ...base, ...facts, traffic: {}, previous: '0', hash: '1', ...more };
}

const served = (revision: string) => ({ meals: [{ revision, percent: 100 }], users: [] });
const facts: PageFacts = {
  ...{ runId: 'run-2', report, headline: 'deploy failed at services and was rolled back' },
  ledger: [entry(1, { traffic: served('meals-1') }), entry(2, { traffic: served('meals-2') })],
  address: 'http://127.0.0.1:8233/namespaces/default/workflows/x/run-2',
  next: ['make production-status'],
};

it('says what happened, why, what to do, and what comes next', () => {
  const page = runPage(facts);
  for (const text of [
    'deploy failed at services',
    'REVISION_FAILED',
    'fix: look',
    'kept: backup b-1',
  ])
    expect(page).toContain(text);
  expect(page).toContain('<code>make production-status</code>');
  expect(page).toContain(`<a href="${facts.address}">run-2</a>`);
});

it('shows each step in the picture and in the table, with its duration and what became of it', () => {
  const page = runPage(facts);
  expect(page).toContain('aria-label="Timeline of 8.5 s: plan 2.0 s, services 6.5 s"');
  expect(page).toMatch(/<code>services<\/code>[^]*failed, rolled back[^]*6\.5 s/);
  expect(page).toMatch(/<code>smoke<\/code>[^]*not reached/);
});

it('shows the revisions before and after, and the runs that led here', () => {
  const page = runPage(facts);
  expect(page).toMatch(/<td>meals<\/td><td>meals-1 100 %<\/td><td>meals-2 100 %<\/td>/);
  expect(page).toContain('<a href="https://users.example.com">users</a>');
  expect(page).toContain('aria-label="this run"');
});

it('is one file: nothing is loaded from anywhere, and no script runs', () => {
  const page = runPage(facts);
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/<script|<link|src=|@import|url\(/i);
  expect(page).not.toContain('javascript:');
});

it.each(['<script>alert(1)</script>', '"><img src=x>', "' onload='x", '\u202etxt.exe', 'a\u0007b'])(
  'what comes from outside is text: %j',
  (text) => {
    const hostile = { ...failure, what: text, why: text };
    const acts = [{ act: 'start', by: text, how: 'os-user', reason: text }] as const;
    const page = runPage({
      ...facts,
      headline: text,
      report: { ...report, failure: hostile, acts },
    });
    expect(page).not.toContain(text);
    expect(page).toContain(html`${text}`.html);
  },
);

it('a run without a plan, a ledger or a moment has a page, too', () => {
  const bare = { ...report, steps: [{ ...step, id: 'plan', status: 'failed' as const }], kept: [] };
  const page = runPage({ ...facts, report: bare, ledger: [], address: undefined, next: [] });
  expect(page).toContain('id="steps"');
  expect(page).not.toContain('id="traffic"');
});
