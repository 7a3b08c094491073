import { expect, test } from 'vitest';
import { messages, withoutBinding } from '../../src/migration-proof/wire.ts';

function offer(...names: readonly string[]): Buffer {
  const body = Buffer.from(`${names.map((name) => `${name}\0`).join('')}\0`);
  const head = Buffer.from([0x52, 0, 0, 0, 8 + body.length, 0, 0, 0, 10]);
  return Buffer.concat([head, body]);
}

function one(bytes: Buffer) {
  const read = messages();
  read.add(bytes);
  const message = read.next(true);
  if (!message) throw new Error('no whole message');
  return message;
}

test('an offer of logins that are bound to the encryption is passed on without them', () => {
  const both = one(offer('SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'));
  expect(withoutBinding(both)).toEqual(offer('SCRAM-SHA-256'));
});

test('any other answer is passed on as it came', () => {
  const done = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
  expect(withoutBinding(one(done))).toEqual(done);
});

test('a message that has not wholly come is waited for', () => {
  const read = messages();
  read.add(offer('SCRAM-SHA-256').subarray(0, 7));
  expect(read.next(true)).toBeUndefined();
});
