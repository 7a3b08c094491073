import { expect, test } from 'vitest';
import { redacted } from '../../src/smoke/redacted.ts';

const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJyb2xlIjoiYW5vbiJ9', 'c2lnbmF0dXJl'].join('.');

test.each([
  ['a secret that is known', 'the key is word-that-opens', 'the key is [secret]'],
  ['a token', `got ${jwt} there`, 'got [secret] there'],
  ['a token without a signature', 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoieCJ9.', '[secret]'],
  ['the password of a URL', 'postgres://me:p4ss@host/db', 'postgres://me:[secret]@host/db'],
  ['a header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [secret]'],
  ['a key of Supabase', 'sb_secret_abcdefghijklmnopqrstuv', '[secret]'],
])('%s is not shown', (_name, text, shown) => {
  expect(redacted(text, ['word-that-opens', ''])).toBe(shown);
});

test('what is no secret stays as it is', () => {
  const text = 'AssertionError: 500 !== 200 at /vouchers/1';
  expect(redacted(text, [])).toBe(text);
});
