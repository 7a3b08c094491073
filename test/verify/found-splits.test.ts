import { expect, test } from 'vitest';
import { splitsItsTraffic, withoutFoundSplits } from '../../src/verify/found-splits.ts';

const canary = [
  { revision: 'meals-1', percent: 90 },
  { revision: 'meals-2', percent: 10 },
];
const differences = [splitsItsTraffic('meals'), 'gateway is not ready (it starts)'];
const others = ['gateway is not ready (it starts)'];

test('a split that the unfinished run had found keeps no reconciliation from its end', () => {
  const tagged = [...canary, { revision: 'meals-3', percent: 0, tag: 'candidate' }];
  expect(withoutFoundSplits(differences, { meals: tagged }, { meals: canary })).toEqual(others);
  expect(withoutFoundSplits(differences, { meals: canary }, undefined)).toEqual(others);
});

test('a split that is another than before, or was none, is a difference', () => {
  const half = canary.map((line) => ({ ...line, percent: 50 }));
  const whole = [{ revision: 'meals-1', percent: 100 }];
  for (const before of [{ meals: half }, { meals: whole }, {}])
    expect(withoutFoundSplits(differences, { meals: canary }, before)).toEqual(differences);
});
