import { expect, test } from 'vitest';
import { noticeBody } from '../../src/notices/notice-body.ts';

const notice = {
  kind: 'run',
  environment: 'production',
  outcome: 'rolled-back',
  lines: ['deploy rolled-back at smoke: it answers 500', 'fix: look at the log'],
  runId: 'run-1',
} as const;

test('the JSON form carries every field by its name', () => {
  expect(noticeBody(notice, 'json')).toEqual({ source: 'windlass', ...notice });
});

test('the Slack form is one text, what happened first', () => {
  expect(noticeBody(notice, 'slack')).toEqual({
    text:
      '*windlass production*: run rolled-back\n' +
      'deploy rolled-back at smoke: it answers 500\nfix: look at the log',
  });
});
