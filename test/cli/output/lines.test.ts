import { expect, it, vi } from 'vitest';
import { openFeed } from '../../../src/cli/feed.ts';
import { showLines } from '../../../src/cli/output/lines.ts';
import type { Report } from '../../../src/report.ts';
import type { StepProgress } from '../../../src/step.ts';

const failure = { code: 'SMOKE_FAILED', what: 'habits is not ready', why: '500', fix: 'Check it.' };
const times = { startedAt: 1000, endedAt: 4200 };
const smoke: StepProgress = {
  id: 'smoke',
  title: 'Smoke-test',
  status: 'running',
  startedAt: 1000,
};
const record: StepProgress = { id: 'record', title: 'Verify and record', status: 'waiting' };

/** What is said of the reports, each as the steps that it tells of. */
async function saidOf(...all: readonly StepProgress[][]): Promise<string> {
  let said = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const feed = openFeed();
  const shown = showLines(feed);
  const rest = { kind: 'deploy', environment: 'production', outcome: 'running' } as const;
  for (const steps of all) feed.push({ ...rest, steps, left: [], kept: [] } satisfies Report);
  feed.end();
  await shown;
  spy.mockRestore();
  return said;
}

it('tells the cause at once, with the way back beneath it, also where the undo was quicker', async () => {
  const kept: StepProgress = { ...smoke, ...times, status: 'kept', note: 'read-only', failure };
  const said = await saidOf([smoke, record], [kept, record], [kept, record]);
  expect(said.match(/habits is not ready/g)).toHaveLength(1);
  expect(said).toMatch(
    /begins: [^]*FAILED: Smoke-test \(3\.2 s\)\n[^]*SMOKE_FAILED[^]*why: 500[^]*stays: /,
  );
});

it('tells how long a step took, and which run side by side', async () => {
  const done: StepProgress = { ...smoke, ...times, status: 'done' };
  const said = await saidOf([smoke, { ...record, status: 'running' }], [done, record]);
  expect(said).toContain('begins: Smoke-test (in parallel with record)\n');
  expect(said).toContain('done: Smoke-test (3.2 s)\n');
});
