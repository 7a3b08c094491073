import { expect, it } from 'vitest';
import { clockOf, spanOf, stampOf } from '../../../src/cli/output/clock.ts';

it.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_400, '59 s'],
  [83_000, '1 min 23 s'],
  [7_500_000, '2 h 5 min'],
  [-5, '0.0 s'],
])('%d ms last %s', (ms, text) => {
  expect(spanOf(ms)).toBe(text);
});

it('a moment is told in one form, which names its zone', () => {
  const at = '2026-11-29T19:42:56.789Z';
  expect(stampOf(at)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:56 [+-]\d{4}$/);
  expect(new Date(stampOf(at)).getTime()).toBe(Date.parse('2026-11-29T19:42:56Z'));
  expect(stampOf(at)).toContain(clockOf(at));
});
