import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Failure, failureText } from '../../src/failure.ts';
import { learnSecret } from '../../src/redaction/known.ts';
import { redacted, redactedError } from '../../src/redaction/redacted.ts';
import { redactedLines } from '../../src/redaction/redacted-lines.ts';

const long = 'k'.repeat(24);
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJyb2xlIjoiYW5vbiJ9', 'c2lnbmF0dXJl'].join('.');

test.each([
  ['a token', `got ${jwt} there`, 'got [secret] there'],
  ['a token without a signature', 'eyJhbGciOiJub25lIn0.eyJyb2xlIjoieCJ9.', '[secret]'],
  ['the password of a URL', 'postgres://me:p4ss@host/db', 'postgres://me:[secret]@host/db'],
  ['one with an @ in it', 'postgres://me:p4@ss@host/db', 'postgres://me:[secret]@host/db'],
  [
    'one with a slash in it',
    "'postgresql+psycopg://me:p4/ss@host'",
    "'postgresql+psycopg://me:[secret]@host'",
  ],
  ['one without a user', 'redis://:p4ss@host', 'redis://:[secret]@host'],
  [
    'one in a URL that is encoded',
    'u=postgres%3A%2F%2Fme%3Ap4ss%40host',
    'u=postgres%3A%2F%2Fme%3A[secret]%40host',
  ],
  ['a header', `Authorization: Bearer ${long}`, 'Authorization: [secret]'],
  ['a header in a sentence', `sent bearer ${long} to it`, 'sent bearer [secret] to it'],
  ['a header of our own services', `X-User-Token: ${long}`, 'X-User-Token: [secret]'],
  ['basic credentials', `Basic ${Buffer.from('me:pass').toString('base64')}x`, 'Basic [secret]'],
  ['a key of Supabase', 'sb_secret_abcdefghijklmnopqrstuv', '[secret]'],
  ['a token of Supabase', `sbp_${'0123456789'.repeat(4)}`, '[secret]'],
  ['words of libpq', 'host=h password=p4ssw0rd user=u', 'host=h password=[secret] user=u'],
  ['words of libpq with a space', "password='p4 ss' user=u", "password='[secret]' user=u"],
  ['a variable', 'PGPASSWORD=p4ssw0rd', 'PGPASSWORD=[secret]'],
  ['a variable by its ending', 'STRIPE_API_KEY="abc def"', 'STRIPE_API_KEY="[secret]"'],
  ['JSON', '{"access_token":"abcdef","a":1}', '{"access_token":"[secret]","a":1}'],
  [
    'JSON in JSON',
    String.raw`"{\"password\":\"abcdef\"}"`,
    String.raw`"{\"password\":\"[secret]\"}"`,
  ],
  ['a statement', "alter role x password 'it''s'", "alter role x password '[secret]'"],
  ['a verifier', 'SCRAM-SHA-256$4096:c2FsdA==$a:b', '[secret]'],
  ['a line of a password file', 'db.host:5432:*:me:p4ssw0rd', 'db.host:5432:*:me:[secret]'],
  [
    'a private key',
    '-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nx',
    '[secret]\nx',
  ],
  ['one that was cut off', 'x -----BEGIN PRIVATE KEY-----\nMIIE', 'x [secret]'],
  ['a key of AWS', 'AKIAABCDEFGHIJKLMNOP', '[secret]'],
  ['a token of GitHub', `ghp_${'a1'.repeat(18)}`, '[secret]'],
  ['a key of Google', `AIza${'b'.repeat(35)}`, '[secret]'],
  [
    'a webhook',
    'https://hooks.slack.com/services/T0/B0/xyz',
    'https://hooks.slack.com/services/[secret]',
  ],
  ['a key of Stripe', `sk_live_${'c'.repeat(24)}`, '[secret]'],
])('%s is not shown', (_name, text, shown) => {
  expect(redacted(text)).toBe(shown);
  expect(redacted(shown)).toBe(shown);
});

test.each([
  'AssertionError: 500 !== 200 at /vouchers/1',
  'us-central1-docker.pkg.dev/p/images/users@sha256:0123456789abcdef',
  'http://127.0.0.1:5000/users@sha256:0123456789abcdef',
  'secret users-database-url: version 3 is disabled',
  'the token: it has expired',
  'jwt_exp: 1234 -> 86400',
  'postgresql://USER:${PASSWORD}@HOST/DB',
  'password=<your password>',
  'the password of postgres is reset: database-password:wellness',
  'add a bearer token to it',
  'https://run.googleapis.com/v2/projects/p/locations/r/services',
  'ana@example.com was not asked',
])('what is no secret stays as it is: %s', (text) => {
  expect(redacted(text)).toBe(text);
});

const value = 'Zx9 "quoted" it\'s\\back/slash&more+?é';
learnSecret(value);
test.each<readonly [string, (secret: string) => string]>([
  ['as it is', (secret) => secret],
  ['in a URL', encodeURIComponent],
  ['in a form', (secret) => new URLSearchParams({ x: secret }).toString().slice(2)],
  ['in JSON', (secret) => JSON.stringify(secret)],
  ['in JSON in JSON', (secret) => JSON.stringify(JSON.stringify({ secret }))],
  ['in base64', (secret) => Buffer.from(secret).toString('base64')],
  ['in base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['in the base64 of more', (secret) => Buffer.from(`a:${secret}:z`).toString('base64')],
  ['in the base64 of yet more', (secret) => Buffer.from(`user:${secret}`).toString('base64')],
  ['in hexadecimal', (secret) => Buffer.from(secret).toString('hex')],
  ['in a password file', (secret) => secret.replaceAll(/[\\:]/g, String.raw`\$&`)],
  ['in SQL', (secret) => secret.replaceAll("'", "''")],
])('a value that was read is found %s', (_how, encode) => {
  const text = redacted(`why: ${encode(value)} was refused`);
  expect(text).toContain('[secret]');
  expect(text).not.toContain(encode(value).slice(4, 20));
});

test('so is each string in a JSON value, the password in a DSN, and each line of a key', () => {
  const [inner, password] = [randomBytes(18).toString('base64url'), randomBytes(9).toString('hex')];
  const lines = [randomBytes(30).toString('base64'), randomBytes(30).toString('base64')];
  learnSecret(JSON.stringify({ url: 'https://db.example', keys: { service: inner } }));
  learnSecret(`postgresql://me:${encodeURIComponent(`${password}/@`)}@host:5432/db`);
  learnSecret(Buffer.from(lines.join('\n')));
  expect(redacted(`a ${inner} b ${password}/@ c ${lines[1]} d`)).toBe(
    'a [secret] b [secret] c [secret] d',
  );
  expect(redacted('https://db.example')).toBe('https://db.example');
});

const told: readonly (readonly [string, (text: string) => string])[] = [
  ['JSON', (text) => JSON.stringify({ a: text })],
  ['JSON of ASCII alone', (text) => jsonOfAscii(text)],
  ['JSON in JSON', (text) => JSON.stringify(jsonOfAscii(text))],
  ['Python', (text) => `{'a': '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'}`],
  ['SQL', (text) => `alter role a set b = '${text.replaceAll("'", "''")}'`],
  ['HTML', (text) => `<p>${htmlOf(text)}</p>`],
  ['the address of a page', (text) => `/?a=${encodeURIComponent(text)}`],
];

test.each(
  told.flatMap((form) =>
    [`it's "CORE" \\ here`, 'grüße-CORE-ß', 'CORE!*()&?=+%20', '<CORE & "more">'].map(
      (text) => [text, ...form] as const,
    ),
  ),
)('%s is found in %s, and in that as base64 and in hexadecimal', (text, _form, write) => {
  const core = randomBytes(12).toString('hex');
  const secret = text.replace('CORE', core);
  learnSecret(secret);
  for (const shift of ['', '-', '--']) {
    const bytes = Buffer.from(`${shift}${write(secret)}`);
    expect(redacted(String(bytes))).not.toContain(core);
    const base64 = redacted(`x ${bytes.toString('base64')} y`).split(/\[secret\]|\s/);
    for (const part of base64)
      for (const cut of [0, 1, 2, 3])
        expect(Buffer.from(part.slice(cut), 'base64').toString()).not.toContain(core);
    expect(redacted(bytes.toString('hex'))).not.toContain(Buffer.from(core).toString('hex'));
  }
});

function jsonOfAscii(text: string): string {
  return JSON.stringify({ a: text }).replaceAll(
    /[^ -~]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function htmlOf(text: string): string {
  const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(
    /[&<>"']/g,
    (one) => Object.entries(named).find(([is]) => is === one)?.[1] ?? one,
  );
}

test('bytes that are no text are found in hexadecimal and base64', () => {
  const bytes = Buffer.from('ff00fe01fd02fc03fb04fa05f906', 'hex');
  learnSecret(bytes);
  expect(redacted(bytes.toString('hex'))).toBe('[secret]');
  expect(redacted(bytes.toString('base64'))).not.toContain(bytes.toString('base64').slice(0, 10));
});

test.each(['postgres', 'production', 'true', '86400', 'https://example.com/x'])(
  'a value that is a common word hides nothing: %s',
  (word) => {
    learnSecret(word);
    expect(redacted(`it is ${word} there`)).toBe(`it is ${word} there`);
  },
);

test('no word of a Failure, of any other error or of its causes holds one', () => {
  const secret = randomBytes(18).toString('base64url');
  learnSecret(secret);
  const text = `no login as ${secret}`;
  const failure = new Failure({ code: 'X', what: text, why: text, fix: text });
  const copy = redactedError(new Error(text, { cause: new Error(text, { cause: failure }) }));
  const all = [failure.what, failure.why, failure.fix, failure.message, failure.stack];
  const copies = [copy, copy.cause].map((one) => one instanceof Error && [one.message, one.stack]);
  expect(JSON.stringify([all, copies, failureText(new Error(text))])).not.toContain(secret);
  expect(copy.cause).toBeInstanceOf(Error);
});

test('what an activity answers keeps its ids, and its lines lose the secrets', () => {
  const secret = randomBytes(18).toString('base64url');
  learnSecret(secret);
  const answer = { id: 'sha256:abc', n: 1, none: null, kept: [`said ${secret} there`] };
  expect(redactedLines(answer)).toEqual({ ...answer, kept: ['said [secret] there'] });
});
