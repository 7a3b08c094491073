import { describe, expect, test } from 'vitest';
import { changes } from '../../src/migration-proof/catalog.ts';

const table = { table: 'meals.t' };
const mood = { name: 'meals.mood', labels: ['good', 'bad'], checks: null, fields: null };
const size = { ...mood, labels: null, checks: ['a', 'b'] };
const pair = { ...mood, labels: null, fields: ['a integer'] };

const of = (kind: string, was: object, is: object | undefined) =>
  changes({ [kind]: [was] }, { [kind]: is ? [is] : [] });

describe('what became of a thing that stood there before', () => {
  test.each<[string, string, object, object | undefined]>([
    ['a value that came in between', 'types', mood, { ...mood, labels: ['good', 'fair', 'bad'] }],
    ['a field that came', 'types', pair, { ...pair, fields: ['a integer', 'b text'] }],
    ['a check of a domain that went', 'types', size, { ...size, checks: ['b'] }],
    ['all checks of a domain that went', 'types', size, { ...size, checks: null }],
    [
      'a sequence that a column owns now',
      'sequences',
      { sequence: 'meals.s', ownedBy: null },
      { sequence: 'meals.s', ownedBy: 'meals.t 1' },
    ],
    ['whole rows in the replica', 'kept', { ...table, replica: 'd' }, { ...table, replica: 'f' }],
    [
      'another comment',
      'comments',
      { name: 'table meals.t', text: '1' },
      { name: 'table meals.t', text: '2' },
    ],
    ['an index that went', 'indexes', { ...table, text: 'create index' }, undefined],
  ])('allows more: %s', (_, kind, was, is) => {
    expect(of(kind, was, is)).toEqual([]);
  });

  test.each<[string, string, object, object | undefined]>([
    ['a value that went', 'types', mood, { ...mood, labels: ['good'] }],
    ['values in another order', 'types', mood, { ...mood, labels: ['bad', 'good'] }],
    ['a field that went', 'types', pair, { ...pair, fields: null }],
    ['a field of another type', 'types', pair, { ...pair, fields: ['a bigint'] }],
    ['a check of a domain that came', 'types', size, { ...size, checks: ['a', 'b', 'c'] }],
    ['a type that went', 'types', mood, undefined],
    [
      'a sequence that another column owns',
      'sequences',
      { sequence: 'meals.s', ownedBy: 'meals.t 1' },
      { sequence: 'meals.s', ownedBy: null },
    ],
    ['no rows in the replica', 'kept', { ...table, replica: 'd' }, { ...table, replica: 'n' }],
    ['a partition that went', 'parents', { ...table, name: 'meals.all', bound: 'x' }, undefined],
    ['a table that is published no longer', 'publications', { name: 'p', ...table }, undefined],
  ])('is a change: %s', (_, kind, was, is) => {
    expect(of(kind, was, is)).toHaveLength(1);
  });
});
