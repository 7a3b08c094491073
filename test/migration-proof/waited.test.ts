import { expect, test } from 'vitest';
import { waitedIn } from '../../src/migration-proof/waited.ts';

const course = {
  ...{ service: 'meals', revision: 'r2', lockTimeout: 3, from: 1000, to: 5000 },
  pauses: [
    { from: 1900, to: 2100 },
    { from: 2500, to: 2600 },
    { from: 9000, to: 9500 },
  ],
};
const wait = { table: 'meals.t', who: 'readers', from: 2000, to: 3000 } as const;

test('what the proof itself held back is no wait, the longest of a table counts', () => {
  const shorter = { ...wait, from: 2600, to: 2900 };
  const writers = { table: 'meals.t', who: 'writers', from: 2700, to: 3000 } as const;
  expect(waitedIn(course, [shorter, wait, writers])).toEqual([
    { table: 'meals.t', readersMs: 800, writersMs: 300 },
  ]);
});

test('a wait belongs to the revision in which it began', () => {
  const waits = [
    { ...wait, from: 900, to: 4000 },
    { ...wait, from: 5000, to: 6000 },
    { ...wait, from: 4900, to: 5400 },
  ];
  expect(waitedIn(course, waits)).toEqual([{ table: 'meals.t', readersMs: 500, writersMs: 0 }]);
});

test('who waited only for the proof did not wait', () => {
  expect(waitedIn(course, [{ ...wait, from: 1950, to: 2050 }])).toEqual([]);
});
