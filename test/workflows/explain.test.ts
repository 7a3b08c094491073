import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { explainFor, explainStop } from '../../workflows/explain.ts';

test.each(['rollback', 'recover', 'reconcile'] as const)(
  'a %s that is stopped was not rolled back, and its fix says so',
  (kind) => {
    const { code, fix } = explainFor(kind)(new CancelledFailure('stopped'));
    expect(code).toBe('CANCELLED');
    expect(fix).toMatch(/again.*: it continues from where it stopped/);
  },
);

test('a deploy that is stopped was', () => {
  expect(explainFor('deploy')(new CancelledFailure('stopped')).fix).toContain('rolled back');
});

test.each([
  ['rolled-back', /^No action needed: the steps that had started were rolled back/],
  [
    'failed-past-pivot',
    /^The traffic had moved, and nothing was rolled back: `make production-recover/,
  ],
  ['rolled-back-except', /except for what is listed/],
] as const)('a deploy that was stopped and ended %s says no more than that', (outcome, told) => {
  const text = explainFor('deploy')(new CancelledFailure('stopped'));
  const ending = { kind: 'deploy', environment: 'production', outcome } as const;
  expect(explainStop(text, ending).fix).toMatch(told);
});
