import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layOut } from '../../src/smoke/contract.ts';
import type { Laid } from '../../src/smoke/contract.ts';
import { temporaryFolder } from '../setup/process.ts';
import { serviceThat } from './service.ts';

const headers = { authorization: 'Bearer caller-of-api' };
const told = {
  ...{ environment: 'production', run: 'run-1', release: 'r-1' },
  mailbox: 'smoke@shop.dev',
  supabase: { url: 'http://supabase.test', anonKey: 'anon' },
  door: { url: 'http://127.0.0.1:1', token: 'opens-it' },
};
let files: string;
let laid: Laid;

beforeAll(async () => {
  files = await temporaryFolder('files');
  await writeFile(join(files, 'run.sh'), '#!/bin/sh\necho ran\n', { mode: 0o644 });
  const reach = { name: 'my-api', url: 'http://api.test', headers, revision: 'my-api-00002' };
  laid = await layOut({ ...told, reaches: [reach] }, files);
});
afterAll(async () => {
  await laid.remove();
  await rm(files, { recursive: true });
});

test('one file holds all that a command may know', async () => {
  const contract = JSON.parse(await readFile(laid.env['WINDLASS_SMOKE'] ?? '', 'utf8'));
  expect(contract).toEqual({
    ...{ version: 1, environment: 'production', run: 'run-1', release: 'r-1' },
    mailbox: 'smoke@shop.dev',
    supabase: told.supabase,
    services: { 'my-api': { url: 'http://api.test', headers, revision: 'my-api-00002' } },
    door: { url: 'http://127.0.0.1:1', headers: { authorization: 'Bearer opens-it' } },
  });
});

test('what opens something stands in no variable, and nobody else reads it', async () => {
  const values = Object.values(laid.env).join('\n');
  expect(values).not.toMatch(/caller-of-api|opens-it/);
  const folder = laid.env['WINDLASS_HEADERS'] ?? '';
  const secret = [laid.env['WINDLASS_SMOKE'], laid.env['WINDLASS_DOOR_HEADERS']];
  for (const file of [...secret, join(folder, 'my-api')])
    expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
  for (const place of [folder, laid.env['HOME'] ?? ''])
    expect((await stat(place)).mode & 0o777).toBe(0o700);
});

test('a script may be run, and curl takes a service’s headers as they are', async () => {
  expect(laid.env['MY_API_URL']).toBe('http://api.test');
  const ran = await promisify(execFile)(join(laid.folder, 'run.sh'));
  expect(ran.stdout).toBe('ran\n');
  const open = await serviceThat(({ headers: seen }) => [200, seen.authorization]);
  const file = join(laid.env['WINDLASS_HEADERS'] ?? '', 'my-api');
  const asked = await promisify(execFile)('curl', ['-s', '-H', `@${file}`, open.reach.url]);
  open.close();
  expect(asked.stdout).toBe('Bearer caller-of-api');
});

test('nothing stays of it', async () => {
  const other = await layOut({ ...told, reaches: [] }, undefined);
  await other.remove();
  await expect(stat(other.env['HOME'] ?? '')).rejects.toThrow('ENOENT');
});
