import { expect, it } from 'vitest';
import type { StepProgress } from '../../src/step.ts';
import { detailsOf } from '../../workflows/details.ts';

const step = (id: string, status: StepProgress['status'], more: Partial<StepProgress> = {}) => ({
  ...{ id, title: `Do ${id}`, status },
  ...more,
});
const about = { environment: 'production' };
const failure = { code: 'REVISION_FAILED', what: 'meals crashed', why: 'w', fix: 'f' };

it('a step that failed says so after it was rolled back, and those behind it that they were not reached', () => {
  const steps = [
    step('backup', 'kept', { note: 'backup kept' }),
    step('services', 'undone', { failure }),
    step('smoke', 'waiting'),
  ];
  const lines = detailsOf(steps, about, { over: true }).split('\n').slice(2);
  expect(lines).toEqual([
    '| ○ stays | backup | Do backup | backup kept |',
    '| ✘ failed, rolled back | services | Do services | meals crashed [REVISION_FAILED] |',
    '| · not reached | smoke | Do smoke |  |',
  ]);
});

it('what is still to come waits', () => {
  expect(detailsOf([step('smoke', 'waiting')], about)).toContain('| · waiting | smoke |');
});

it('an undo that is stuck names the command that decides about it', () => {
  const text = detailsOf([step('migrate', 'stuck', { failure })], about);
  expect(text).toContain('`windlass undo retry migrate -e production`');
});
