import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { canaries } from './kinds.ts';
import { scan } from './scan.ts';

const all = canaries();
const bytes = (text: string) => Buffer.from(text);

test('there are 25 kinds of them, each known by a part that no other has', () => {
  expect(all).toHaveLength(25);
  expect(new Set(all.map(({ core }) => core)).size).toBe(25);
  for (const { core, value } of all) expect(value).toContain(core);
});

test.each<readonly [string, (value: string) => Buffer]>([
  ['as it is', bytes],
  ['in JSON', (value) => bytes(JSON.stringify({ a: JSON.stringify({ value }) }))],
  ['in a URL', (value) => bytes(`https://x.example/?q=${encodeURIComponent(value)}&z=1`)],
  ['in hexadecimal', (value) => bytes(`x${bytes(value).toString('hex')}`)],
  ['in base64', (value) => bytes(`"data":"${bytes(value).toString('base64')}"`)],
  ['in base64 behind two other letters', (value) => bytes(bytes(`ab${value}`).toString('base64'))],
  [
    'in base64 of base64',
    (value) => bytes(bytes(bytes(value).toString('base64')).toString('base64')),
  ],
  [
    'in a payload of JSON',
    (value) => bytes(bytes(`{"why":${JSON.stringify(value)}}`).toString('base64')),
  ],
  ['in gzip', (value) => gzipSync(value)],
  ['in gzip in base64', (value) => bytes(gzipSync(value).toString('base64'))],
  ['in zstd', (value) => zstdCompressSync(bytes(value))],
  ['in UTF-16', (value) => Buffer.from(value, 'utf16le')],
  ['among much else', (value) => bytes(`${'z'.repeat(100_000)} ${value} ${'y '.repeat(1000)}`)],
])('the scanner finds each of them %s', (_how, encode) => {
  for (const { name, value } of all) {
    const found = scan(encode(value), 'here', all);
    expect([...new Set(found.map(({ canary }) => canary))]).toEqual([name]);
  }
});

test('and in the entries of a zip, as a plan of Terraform is one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-canary-'));
  for (const { name, value } of all) await writeFile(join(folder, name), `${value}\n`.repeat(20));
  const zip = `import zipfile,sys,os
with zipfile.ZipFile('all.zip','w',zipfile.ZIP_DEFLATED) as z: [z.write(n) for n in sys.argv[1:]]`;
  spawnSync('python3', ['-c', zip, ...all.map(({ name }) => name)], { cwd: folder });
  const found = scan(await readFile(join(folder, 'all.zip')), 'zip', all);
  expect(new Set(found.map(({ canary }) => canary)).size).toBe(25);
  await rm(folder, { recursive: true });
});

test('where there is none it finds none', () => {
  expect(scan(bytes('canary in a mine, canary00'), 'here', all)).toEqual([]);
});
