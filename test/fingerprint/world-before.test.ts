import { expect, test } from 'vitest';
import { compareWorlds, digests, isCatalog } from '../../src/fingerprint/world-before.ts';

const world = [
  'traffic meals 100 % meals-00001 image@sha256:1',
  'service meals image@sha256:1 run-meals []',
  'state 10-foundation google_service_account.a  {"name":"a"}',
  'secret meals-url 1',
  'setting site_url https://example.org',
  'ssl true',
  'columns {"table":"meals.plates","column":"size","type":"integer"}',
  'columns {"table":"meals.plates","column":"name","type":"text"}',
];

test('the same world, in whatever order, does not differ', () => {
  expect(compareWorlds(digests(world), digests(world.toReversed()))).toEqual([]);
});

test.each([
  ['meals-00001', 'meals-00002', 'traffic meals differs'],
  ['{"name":"a"}', '{"name":"b"}', 'state 10-foundation google_service_account.a differs'],
  ['meals-url 1', 'meals-url none', 'secret meals-url differs'],
  ['https://example.org', 'https://example.com', 'setting site_url differs'],
  ['"integer"', '"bigint"', 'columns meals.plates.size differs'],
  ['"column":"name"', '"column":"größe"', 'columns meals.plates.name is gone'],
])('%s that became %s is named by what it is', (from, to, told) => {
  const after = world.map((line) => line.replace(from, to));
  const found = compareWorlds(digests(world), digests(after));
  expect(found).toContain(told);
  expect(found.join()).not.toContain('example.');
  expect(isCatalog(told)).toBe(told.startsWith('columns'));
});

test('a split whose lines of one revision were made one by binding them is the same', () => {
  const [whole = '', ...rest] = world;
  const parts = [whole.replace('100 %', '30 %'), whole.replace('100 %', '70 %')];
  expect(compareWorlds(digests([...parts, ...rest]), digests(world))).toEqual([]);
  const less = [whole.replace('100 %', '30 %'), whole.replace('100 %', '60 %')];
  expect(compareWorlds(digests([...less, ...rest]), digests(world))).toEqual([
    'traffic meals differs',
  ]);
});

test('what came and what went is said so', () => {
  const more = [...world, 'secret journal-key 1'];
  expect(compareWorlds(digests(world), digests(more))).toEqual(['secret journal-key is new']);
  expect(compareWorlds(digests(more), digests(world))).toEqual(['secret journal-key is gone']);
});
