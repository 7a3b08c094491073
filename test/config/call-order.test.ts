import { expect, test } from 'vitest';
import { callIssues } from '../../src/config/call-order.ts';

const backend = { calls: [] };
const gateway = { calls: ['meals'] };

test('a gateway that calls its backends is in order', () => {
  expect(callIssues({ gateway, meals: backend })).toEqual([]);
});

test.each([
  ['an unknown service', { gateway }, 'unknown service meals'],
  [
    'a service that calls others itself',
    { gateway, meals: { calls: ['users'] }, users: backend },
    'names meals, which calls other services itself',
  ],
])('%s is told where it stands', (_what, services, message) => {
  const issues = callIssues(services);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path.join('.')).toBe('services.gateway.calls');
  expect(issues[0]?.message).toContain(message);
});
