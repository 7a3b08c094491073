import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { explainFor } from '../../workflows/explain.ts';

test.each(['rollback', 'recover', 'reconcile'] as const)(
  'a %s that is stopped was not wound back, and its fix says so',
  (kind) => {
    const { code, fix } = explainFor(kind)(new CancelledFailure('stopped'));
    expect(code).toBe('CANCELLED');
    expect(fix).toMatch(/again.*: it goes on from where it was stopped/);
  },
);

test('a deploy that is stopped was', () => {
  expect(explainFor('deploy')(new CancelledFailure('stopped')).fix).toContain('wound back');
});
