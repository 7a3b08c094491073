import { expect, test } from 'vitest';
import { callIssues } from '../../src/config/call-issues.ts';

const backend = { calls: [] };
const gateway = { calls: ['meals'] };

test('a gateway that calls its backends is in order', () => {
  expect(callIssues({ gateway, meals: backend })).toEqual([]);
});

test('services may call each other, in a circle too', () => {
  const circle = { a: { calls: ['b'] }, b: { calls: ['c'] }, c: { calls: ['a', 'b'] } };
  expect(callIssues(circle)).toEqual([]);
});

test('a call of an unknown service is told where it stands', () => {
  const issues = callIssues({ gateway });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path.join('.')).toBe('services.gateway.calls');
  expect(issues[0]?.message).toContain('unknown service meals');
});
