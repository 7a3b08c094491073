import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatedKey, keyId, keyInFile } from '../../src/backups/keys.ts';
import { seal } from '../../src/backups/seal.ts';
import { sealBytes, unsealBytes } from '../../src/backups/seal-bytes.ts';
import { unseal } from '../../src/backups/unseal.ts';
import { Failure } from '../../src/failure.ts';
import { temporaryFolder } from '../setup/process.ts';

let folder = '';
const key = randomBytes(32);
const headBytes = 34;
const chunkBytes = 256 * 1024;
const sealedChunk = chunkBytes + 16;
const plain = randomBytes(3 * chunkBytes + 1000);
let sealed: Buffer = Buffer.alloc(0);

beforeAll(async () => {
  folder = await temporaryFolder('seal');
  sealed = await sealedOf(plain);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a sealed stream', () => {
  test.each([0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 700_000])(
    'of %i bytes opens to the same bytes with the same key',
    async (size) => {
      const content = randomBytes(size);
      expect((await opened(await sealedOf(content))).equals(content)).toBe(true);
    },
  );

  test('is the same however it arrives in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 6 }),
        async (cuts) => {
          const again = await sealedOf(plain, cuts);
          expect((await opened(again)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('holds nothing readable and never repeats itself', async () => {
    const again = await sealedOf(plain);
    expect(sealed.includes(plain.subarray(0, 16))).toBe(false);
    expect(sealed.subarray(headBytes, 500).equals(again.subarray(headBytes, 500))).toBe(false);
  });

  test('does not open with another key', async () => {
    expect(await refusal(sealed, randomBytes(32))).toEqual({ code: 'BACKUP_DAMAGED', bytes: 0 });
  });
});

describe('of a sealed stream that somebody touched, no byte comes out of or after that place:', () => {
  const spots = fc.nat({ max: headBytes + 3 * sealedChunk + 1015 });

  test('any flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(spots, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const bytes = Buffer.from(sealed);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const { code, bytes: released } = await refusal(bytes);
        expect(['BACKUP_DAMAGED', 'BACKUP_TOO_NEW']).toContain(code);
        expect(released).toBe(wholeChunksBefore(at) * chunkBytes);
      }),
      { numRuns: 60 },
    );
  });

  test('any cut, at the border of a chunk as well', async () => {
    const borders = [0, 1, 2, 3].map((index) => headBytes + index * sealedChunk);
    await fc.assert(
      fc.asyncProperty(fc.oneof(spots, fc.constantFrom(...borders)), async (at) => {
        const { code, bytes: released } = await refusal(sealed.subarray(0, at));
        expect(code).toBe('BACKUP_DAMAGED');
        expect(released).toBeLessThanOrEqual(wholeChunksBefore(at) * chunkBytes);
      }),
      { numRuns: 40, examples: borders.map((at) => [at]) },
    );
  });

  test('swapped, doubled, left out and foreign chunks', async () => {
    const other = await sealedOf(plain);
    const [head, first = nothing, second = nothing, third = nothing, end = nothing] = parts(sealed);
    const foreign = parts(other)[2] ?? nothing;
    const orders = [
      { order: [second, first, third, end], sound: 0 },
      { order: [first, first, second, third, end], sound: 1 },
      { order: [first, third, end], sound: 1 },
      { order: [first, foreign, third, end], sound: 1 },
      { order: [first, second, end, third], sound: 2 },
      { order: [first, second, third, end, end], sound: 3 },
      { order: [first, second, third, end, Buffer.from('x')], sound: 3 },
      { order: [first, second, third], sound: 2 },
    ];
    for (const { order, sound } of orders)
      expect(await refusal(Buffer.concat([head ?? nothing, ...order]))).toEqual({
        code: 'BACKUP_DAMAGED',
        bytes: sound * chunkBytes,
      });
  });

  test('the head of another file', async () => {
    const other = await sealedOf(plain);
    const mixed = Buffer.concat([other.subarray(0, headBytes), sealed.subarray(headBytes)]);
    expect(await refusal(mixed)).toEqual({ code: 'BACKUP_DAMAGED', bytes: 0 });
  });
});

describe('the formats', () => {
  const fixture = join(import.meta.dirname, 'fixtures', 'sealed-1.bin');
  const oldKey = Buffer.alloc(32, 7);

  test('a file that an older Windlass sealed as a whole still opens', async () => {
    const text = String(await opened(await readFile(fixture), oldKey));
    expect(text.split('\n')).toHaveLength(401);
    expect(text).toContain('row 399 of a dump that an older Windlass sealed');
  });

  test.each([0, 20, 40, 9000, -20, -1])('nothing of it with a bit turned at %i', async (spot) => {
    const bytes = await readFile(fixture);
    const at = spot < 0 ? bytes.length + spot : spot;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(await refusal(bytes, oldKey)).toEqual({ code: 'BACKUP_DAMAGED', bytes: 0 });
  });

  test.each([0, 10, 20, 40, 19_000])('nothing of it when only %i bytes are left', async (size) => {
    const bytes = (await readFile(fixture)).subarray(0, size);
    expect(await refusal(bytes, oldKey)).toEqual({ code: 'BACKUP_DAMAGED', bytes: 0 });
  });

  test('one from a newer Windlass is refused by its number, in a file and in memory', async () => {
    const newer = Buffer.concat([Buffer.from('windlass sealed 3\n'), randomBytes(100)]);
    expect(await refusal(newer)).toEqual({ code: 'BACKUP_TOO_NEW', bytes: 0 });
    expect(() => unsealBytes(newer, key, 'backups/x/state')).toThrow(
      expect.objectContaining({ code: 'BACKUP_TOO_NEW', why: expect.stringContaining('format 3') }),
    );
  });

  test('what was sealed in memory opens in memory, and no dump does', () => {
    const content = randomBytes(1000);
    expect(unsealBytes(sealBytes(content, key), key, 'x').equals(content)).toBe(true);
    expect(() => unsealBytes(sealed, key, 'x')).toThrow(
      expect.objectContaining({ code: 'BACKUP_DAMAGED' }),
    );
  });
});

describe('the key', () => {
  test('is made once, for the owner alone, and found again by its id', async () => {
    const keys = generatedKey(folder, 'demo');
    const [made, again] = [await keys.current(), await keys.current()];
    expect(made.equals(again)).toBe(true);
    expect((await keys.byId(keyId(made))).equals(made)).toBe(true);
    expect((await stat(at('keys/backup-demo.key'))).mode & 0o777).toBe(0o600);
    await expect(keys.byId('0000')).rejects.toMatchObject({ code: 'BACKUP_KEY_MISSING' });
  });

  test('of windlass.yaml must be there, whole and closed to others', async () => {
    await expect(keyInFile(folder, undefined).current()).rejects.toThrow('No key');
    await expect(keyInFile(folder, 'nowhere').current()).rejects.toThrow('No key');
    await writeFile(at('open'), key.toString('base64'), { mode: 0o644 });
    await expect(keyInFile(folder, 'open').current()).rejects.toMatchObject({
      why: expect.stringContaining('chmod 600'),
    });
    await writeFile(at('closed'), key.toString('base64'), { mode: 0o600 });
    expect((await keyInFile(folder, 'closed').current()).equals(key)).toBe(true);
  });
});

const nothing = Buffer.alloc(0);

/** The head and the chunks of a sealed stream. */
function parts(bytes: Buffer): readonly Buffer[] {
  const chunks = [0, 1, 2, 3].map((index) =>
    bytes.subarray(headBytes + index * sealedChunk, headBytes + (index + 1) * sealedChunk),
  );
  return [bytes.subarray(0, headBytes), ...chunks];
}

/** Chunks that are whole, and known not to be the last, before a place. */
function wholeChunksBefore(at: number): number {
  return Math.max(0, Math.floor((at - headBytes) / sealedChunk));
}

async function sealedOf(content: Buffer, cuts: readonly number[] = [100_000]): Promise<Buffer> {
  async function* pieces() {
    let from = 0;
    for (const cut of cuts) {
      yield content.subarray(from, from + cut);
      from = Math.min(content.length, from + cut);
    }
    yield content.subarray(from);
  }
  return buffer(seal(pieces(), key));
}

async function opened(bytes: Buffer, by = key): Promise<Buffer> {
  await writeFile(at('sealed'), bytes);
  return buffer(unseal(at('sealed'), by));
}

/** How an opening ends, and how many bytes had come out before. */
async function refusal(bytes: Buffer, by = key) {
  await writeFile(at('touched'), bytes);
  let released = 0;
  try {
    for await (const chunk of unseal(at('touched'), by)) released += chunk.length;
    return { code: undefined, bytes: released };
  } catch (error) {
    return { code: error instanceof Failure ? error.code : String(error), bytes: released };
  }
}

function at(name: string): string {
  return join(folder, name);
}
