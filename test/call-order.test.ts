import { expect, test } from 'vitest';
import { callIssues } from '../src/call-order.ts';

const backend = { calls: [], public: false };
const gateway = { calls: ['meals'], public: true };

test('a gateway that calls its backends is in order', () => {
  expect(callIssues({ gateway, meals: backend })).toEqual([]);
});

test.each([
  ['an unknown service', { gateway }, 'services.gateway.calls', 'unknown service meals'],
  [
    'a service that calls others itself',
    { gateway, meals: { calls: ['users'], public: false }, users: backend },
    'services.gateway.calls',
    'names meals, which calls others itself',
  ],
  [
    'a private service that nobody calls',
    { gateway, meals: backend, users: backend },
    'services.users',
    'is called by nobody',
  ],
])('%s is told where it stands', (_what, services, path, message) => {
  const issues = callIssues(services);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path.join('.')).toBe(path);
  expect(issues[0]?.message).toContain(message);
});
