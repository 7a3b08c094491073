import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointOf, pauseBefore } from '../../src/supabase/budget.ts';

const limits = { limit: 120, windowMs: 60_000 };

describe('the budget of calls', () => {
  test('lets 120 calls of a minute pass at once and the next one wait for the first to age', () => {
    const calls = Array.from({ length: 120 }, (_, index) => index);
    expect(pauseBefore(calls.slice(0, 119), 200, limits)).toBe(0);
    expect(pauseBefore(calls, 200, limits)).toBe(60_000 - 200);
    expect(pauseBefore(calls, 60_000, limits)).toBe(0);
  });

  test('is one for each endpoint of each project, whatever the call asks for', () => {
    const [one, other] = ['abcdefghijklmnopqrst', 'bcdefghijklmnopqrstu'];
    const of = (path: string, method = 'GET') => endpointOf({ method, path });
    expect(of(`/projects/${one}/api-keys?reveal=true`)).toBe(of(`/projects/${one}/api-keys`));
    const endpoints = [
      of(`/projects/${one}/config/auth`),
      of(`/projects/${one}/config/auth`, 'PATCH'),
      of(`/projects/${one}/postgrest`),
      of(`/projects/${other}/postgrest`),
      of('/projects'),
    ];
    expect(new Set(endpoints).size).toBe(endpoints.length);
  });

  test('never lets any window see more calls than the limit, however they come', () => {
    const small = { limit: 5, windowMs: 100 };
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 60 }), (gaps) => {
        let now = 0;
        const calls: number[] = [];
        for (const gap of gaps) {
          now += gap;
          now += pauseBefore(calls, now, small);
          expect(pauseBefore(calls, now, small)).toBe(0);
          calls.push(now);
        }
        for (const at of calls)
          expect(calls.filter((one) => one >= at && one < at + 100).length).toBeLessThan(6);
      }),
    );
  });
});
