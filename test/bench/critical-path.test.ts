import { expect, test } from 'vitest';
import { criticalPath, pathText } from '../../bench/critical-path.ts';

const step = (id: string, startedAt: number, endedAt: number) => ({ id, startedAt, endedAt });
const plan = step('plan', 0, 3000);
const foundation = step('foundation', 3000, 9000);
const supabase = step('supabase', 3000, 15_000);
const services = step('services', 15_000, 20_500);

test('of steps side by side the slower one is on the path', () => {
  const path = criticalPath([services, foundation, plan, supabase]);
  expect(path.map(({ id }) => id)).toEqual(['plan', 'supabase', 'services']);
  expect(pathText(path)).toBe('plan 3.0 s → supabase 12.0 s → services 5.5 s');
});

test('a step without a length is left out, and no steps make no path', () => {
  expect(pathText(criticalPath([plan, step('approve', 3000, 3000)]))).toBe('plan 3.0 s');
  expect(criticalPath([])).toEqual([]);
});
