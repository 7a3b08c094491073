import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readValue } from '../../src/cli/read-value.ts';

const read = async (...parts: (string | Buffer)[]) =>
  String(await readValue(Readable.from(parts.map((part) => Buffer.from(part)))));

test.each([
  ['word\n', 'word'],
  ['word\r\n', 'word'],
  ['word', 'word'],
  ['-----BEGIN\nkey\n', '-----BEGIN\nkey\n'],
  ['word\n\n', 'word\n\n'],
])('%j is the value %j', async (given, value) => {
  expect(await read(given)).toBe(value);
});

test('a value that comes in parts is one', async () => {
  expect(await read('wo', 'rd\n')).toBe('word');
});

test.each([
  ['nothing', '', /is empty/],
  ['a line end alone', '\n', /is empty/],
  ['too much', 'x'.repeat(65_537), /Secret Manager takes 65536/],
  ['no text', Buffer.from([0xff, 0xfe]), /is not UTF-8 text/],
])('%s is refused', async (_what, given, why) => {
  await expect(read(given)).rejects.toMatchObject({
    code: 'USAGE',
    why: expect.stringMatching(why),
  });
});

test('a terminal is refused: what is typed there can be seen', async () => {
  const stream = Object.assign(Readable.from([]), { isTTY: true });
  await expect(readValue(stream)).rejects.toMatchObject({ code: 'USAGE' });
});
