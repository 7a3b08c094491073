import { expect, test } from 'vitest';
import { pickRevision, readTraffic, shareOf } from '../../../sandbox/run/traffic.ts';

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
const split = [
  { type: REVISION, revision: 'old', percent: 90 },
  { type: LATEST, percent: 10 },
  { type: REVISION, revision: 'candidate', tag: 'next' },
];

test('requests are divided by percent, and a tag alone gets none', () => {
  const picks = Array.from({ length: 100 }, (_, index) => pickRevision(split, 'new', index / 100));
  expect(picks.filter((name) => name === 'old')).toHaveLength(90);
  expect(picks.filter((name) => name === 'new')).toHaveLength(10);
  expect(shareOf(split, 'old', 'old')).toBe(100);
});

test('a tag with a percent of zero is allowed, one that is used twice is not', () => {
  expect(readTraffic(split, () => true)).toEqual(split);
  const twice = [...split, { type: LATEST, tag: 'next' }];
  expect(() => readTraffic(twice, () => true)).toThrow("tag 'next' is used more than once");
});

test('a type is worked out where only a revision is named', () => {
  expect(readTraffic([{ revision: 'old', percent: 100 }], () => true)[0]?.type).toBe(REVISION);
});
