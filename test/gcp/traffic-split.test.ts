import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameSplit, withCandidate, withoutCandidate } from '../../src/gcp/traffic-split.ts';

const name = fc.constantFrom('a-00001', 'a-00002', 'LATEST');
const tag = fc.constantFrom('candidate', 'blue', undefined);
const line = fc
  .record({ revision: name, percent: fc.integer({ min: 0, max: 100 }), tag })
  .map(({ tag, ...rest }) => (tag === undefined ? rest : { ...rest, tag }));
const split = fc.array(line, { minLength: 1, maxLength: 4 });

const percentOf = (lines: readonly { percent: number }[]) =>
  lines.reduce((sum, { percent }) => sum + percent, 0);

test('tagging a candidate and taking the tag away never moves traffic', () => {
  fc.assert(
    fc.property(split, (before) => {
      fc.pre(percentOf(before) > 0);
      expect(percentOf(withCandidate(before, 'a-00003'))).toBe(percentOf(before));
      expect(percentOf(withoutCandidate(before))).toBe(percentOf(before));
    }),
  );
});

test('there is one candidate at most, and none after it was taken away', () => {
  fc.assert(
    fc.property(split, (before) => {
      const tagged = withCandidate(before, 'a-00003').filter((one) => one.tag === 'candidate');
      expect(tagged).toEqual([{ revision: 'a-00003', percent: 0, tag: 'candidate' }]);
      expect(withoutCandidate(before).some((one) => one.tag === 'candidate')).toBe(false);
    }),
  );
});

test('no lines mean everything to the latest, and order does not matter', () => {
  expect(sameSplit([], [{ revision: 'LATEST', percent: 100 }])).toBe(true);
  const one = { revision: 'a-00001', percent: 90 };
  const two = { revision: 'a-00002', percent: 10, tag: 'blue' };
  expect(sameSplit([one, two], [two, one])).toBe(true);
  expect(sameSplit([one, two], [one, { ...two, percent: 11 }])).toBe(false);
  expect(sameSplit([one, two], [one, { revision: 'a-00002', percent: 10 }])).toBe(false);
});
