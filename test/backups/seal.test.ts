import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatedKey, keyId, keyInFile } from '../../src/backups/keys.ts';
import { sealFile, unsealFile } from '../../src/backups/seal.ts';
import { temporaryFolder } from '../setup/process.ts';

let folder = '';
const key = randomBytes(32);
const content = randomBytes(300_000);

beforeAll(async () => {
  folder = await temporaryFolder('seal');
  await writeFile(at('plain'), content);
  await sealFile(at('plain'), at('sealed'), key);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a sealed file', () => {
  test('opens to the same bytes with the same key', async () => {
    await unsealFile(at('sealed'), at('opened'), key);
    expect((await readFile(at('opened'))).equals(content)).toBe(true);
    expect((await stat(at('opened'))).mode & 0o077).toBe(0);
  });

  test('holds nothing readable and never repeats itself', async () => {
    await sealFile(at('plain'), at('again'), key);
    const [one, two] = [await readFile(at('sealed')), await readFile(at('again'))];
    expect(one.includes(content.subarray(0, 16))).toBe(false);
    expect(one.subarray(40).equals(two.subarray(40))).toBe(false);
  });

  test('does not open with another key', async () => {
    const opening = unsealFile(at('sealed'), at('never'), randomBytes(32));
    await expect(opening).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(existsSync(at('never')) || existsSync(at('never.part'))).toBe(false);
  });

  test.each([0, 20, 40, 150_000, -20, -1])(
    'does not open with one bit turned at %i',
    async (spot) => {
      const bytes = await readFile(at('sealed'));
      const index = spot < 0 ? bytes.length + spot : spot;
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      await writeFile(at('turned'), bytes);
      const opening = unsealFile(at('turned'), at('never'), key);
      await expect(opening).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
      expect(existsSync(at('never'))).toBe(false);
    },
  );

  test.each([0, 30, 100, 299_000])('does not open when only %i bytes are left', async (size) => {
    await writeFile(at('cut'), (await readFile(at('sealed'))).subarray(0, size));
    const opening = unsealFile(at('cut'), at('never'), key);
    await expect(opening).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
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
    await expect(keyInFile(folder, undefined).current()).rejects.toThrow('no key');
    await expect(keyInFile(folder, 'nowhere').current()).rejects.toThrow('no key');
    await writeFile(at('open'), key.toString('base64'), { mode: 0o644 });
    await expect(keyInFile(folder, 'open').current()).rejects.toMatchObject({
      why: expect.stringContaining('chmod 600'),
    });
    await writeFile(at('closed'), key.toString('base64'), { mode: 0o600 });
    expect((await keyInFile(folder, 'closed').current()).equals(key)).toBe(true);
  });
});

function at(name: string): string {
  return join(folder, name);
}
