import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { learnSecret } from '../../src/redaction/known.ts';
import { redactLines } from '../../src/redaction/redact-lines.ts';

const secret = randomBytes(18).toString('base64url');
learnSecret(secret);

const through = (chunks: readonly Buffer[]) => text(Readable.from(chunks).pipe(redactLines()));
const cut = (whole: string, size: number) => {
  const bytes = Buffer.from(whole);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_none, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
};

test.each([1, 2, 3, 7, 16, 1000])('a secret is found in chunks of %i bytes', async (size) => {
  const said = `ü first\nsays ${secret} and\npostgres://me:p4ss@db/x\nthe end ${secret}`;
  expect(await through(cut(said, size))).toBe(
    'ü first\nsays [secret] and\npostgres://me:[secret]@db/x\nthe end [secret]',
  );
});

test('so is one in a line that does not end', async () => {
  const said = `${'x '.repeat(60_000)}${secret}${' y'.repeat(60_000)}`;
  expect(await through(cut(said, 4096))).toBe(said.replace(secret, '[secret]'));
});

test('a private key over several lines is one mark', async () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----\n';
  expect(await through(cut(`before\n${key}after\n`, 5))).toBe('before\n[secret]\nafter\n');
});
