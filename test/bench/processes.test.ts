import { expect, test } from 'vitest';
import { descends, living } from '../../bench/processes.ts';

const process = (parent: number) => ({ parent, cpuSeconds: 0 });
const all = new Map([
  [1, process(0)],
  [10, process(1)],
  [11, process(10)],
  [20, process(1)],
]);

test('a process is of the tree that it or one above it roots', () => {
  expect([...all.keys()].filter((pid) => descends(pid, 10, all))).toEqual([10, 11]);
});

test('this process is seen, with what it has taken of the CPU so far', async () => {
  const { pid, ppid } = globalThis.process;
  const own = (await living()).get(pid);
  expect(own?.parent).toBe(ppid);
  expect(own?.cpuSeconds).toBeGreaterThan(0);
});
