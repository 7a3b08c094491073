import { expect, it } from 'vitest';
import { z } from 'zod';
import { readStored } from '../src/stored-json.ts';

const kept = {
  schema: z.object({ version: z.literal(1), run: z.string() }),
  what: 'The record of a run',
  where: 'gs://bucket/run.json',
};

it.each([
  ['nothing', ''],
  ['half of it', '{"version":1,'],
  ['null', 'null'],
  ['a list', '[]'],
  ['another type', '{"version":1,"run":7}'],
  ['an older version that never was', '{"version":0,"run":"r"}'],
  ['bytes', Buffer.from([0xff, 0x00])],
])('%s is refused as damaged, by name and place', (_name, text) => {
  expect(() => readStored(text, kept)).toThrow(
    expect.objectContaining({
      code: 'RECORD_DAMAGED',
      what: 'The record of a run cannot be read',
      why: expect.stringContaining('gs://bucket/run.json: '),
    }),
  );
});

it('a newer one is refused as newer, whatever else is in it', () => {
  expect(() => readStored('{"version":2}', kept)).toThrow(
    expect.objectContaining({ code: 'FORMAT_NEWER', why: expect.stringContaining('version 2') }),
  );
});

it('a whole one is read', () => {
  expect(readStored('{"version":1,"run":"r"}', kept).run).toBe('r');
});
