import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aesGcm } from '../../src/temporal/codec.ts';
import { judged } from './judge.ts';
import { many } from './runs.ts';

const key = randomBytes(32);
const bytes = fc.uint8Array({ maxLength: 60 });
const payload = fc.record(
  {
    metadata: fc.dictionary(
      fc.constantFrom('encoding', 'encryption-key-id', '__proto__', 'constructor'),
      fc.oneof(bytes, fc.constant(Buffer.from('binary/encrypted'))),
    ),
    data: bytes,
  },
  { requiredKeys: [] },
);

it('a worker believes no payload that it did not seal, and never fails by one', () =>
  fc.assert(
    fc.asyncProperty(payload, async (given) => {
      const codec = aesGcm([key], true);
      const [read] = (await judged(() => codec.decode([given]))) ?? [];
      if (read) expect(Buffer.from(read.data ?? []).toString()).toMatch(/windlassRefused/);
    }),
    many(),
  ));

it('whatever was sealed comes back, and a changed byte of it does not', () =>
  fc.assert(
    fc.asyncProperty(payload, fc.nat(), async (given, at) => {
      const codec = aesGcm([key], true);
      const [sealed] = await codec.encode([given]);
      if (!sealed?.data) throw new Error('nothing was sealed');
      const [back] = await codec.decode([sealed]);
      expect(Buffer.from(back?.data ?? [])).toEqual(Buffer.from(given.data ?? []));
      const changed = Buffer.from(sealed.data);
      const place = at % changed.length;
      changed[place] = (changed[place] ?? 0) ^ 1;
      const [refused] = await codec.decode([{ ...sealed, data: changed }]);
      expect(Buffer.from(refused?.data ?? []).toString()).toMatch(/windlassRefused/);
    }),
    many(),
  ));
