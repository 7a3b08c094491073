import { expect, test } from 'vitest';
import { missingIn } from '../../src/smoke/held-json.ts';

const words = { revision: 'api-00002', service: 'api' };

test.each([
  ['an equal number', 1, 1],
  ['an object with more keys', { ok: true, more: 1 }, { ok: true }],
  ['a list with more elements, in another order', ['b', 'c', 'a'], ['a', 'b']],
  ['objects in a list', [{ id: 1 }, { id: 2, name: 'x' }], [{ name: 'x' }]],
  ['a null that is expected', { gone: null }, { gone: null }],
  ['an empty object, of any object', { a: 1 }, {}],
  ['the revision that is asked', { revision: 'api-00002' }, { revision: '${revision}' }],
  ['words within a text', 'api at api-00002', '${service} at ${revision}'],
])('holds: %s', (_name, answer, expected) => {
  expect(missingIn(answer, expected, words)).toBeUndefined();
});

test.each([
  [{ ok: 'true' }, { ok: true }, 'ok is "true", not true'],
  [{}, { ok: true }, 'ok is absent, not true'],
  ['<html>', { ok: true }, 'it is "<html>", not an object'],
  [null, { ok: true }, 'it is null, not an object'],
  [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b is 1, not 2'],
  [{ a: ['x'] }, { a: ['x', 'y'] }, 'a does not hold "y"'],
  [{ a: {} }, { a: ['x'] }, 'a is {}, not a list'],
  [{ revision: 'api-1' }, { revision: '${revision}' }, 'revision is "api-1", not "api-00002"'],
])('names the first place that %j lacks of %j', (answer, expected, why) => {
  expect(missingIn(answer, expected, words)).toBe(why);
});
