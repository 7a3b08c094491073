import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readAddressBook } from '../../src/address-book.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const Record = z.looseObject({ pid: z.number(), mark: z.string() });
const Organizations = z.object({ slug: z.string(), token: z.string() }).array();
const homes: string[] = [];
// Whole servers start here, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000 });

afterEach(async () => {
  for (const home of homes.splice(0)) {
    await run('down', '--home', home);
    rmSync(home, { recursive: true, force: true });
  }
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'windlass-up-'));
  homes.push(home);
  return home;
}

/** Runs up or down; `line` is the JSON that it printed. */
async function run(program: 'up' | 'down', ...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, 'sandbox', `${program}.ts`), ...args]);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, line: JSON.parse(output) };
}

const owners = ['--project', 'shop-production', '--project', 'shop-backups'];
const alone = ['--no-temporal', '--temporal-address', '127.0.0.1:1'];

function recordOf(home: string, name: string): z.infer<typeof Record> {
  return Record.parse(JSON.parse(readFileSync(join(home, 'run', `${name}.json`), 'utf8')));
}

test('up starts all of it, is content the second time, and mends what died', async () => {
  const home = newHome();
  const first = await run('up', '--home', home, ...owners);
  expect(first).toMatchObject({ code: 0, line: { started: ['temporal', 'server'] } });
  const again = await run('up', '--home', home);
  expect(again.line).toEqual({ ...first.line, started: [] });

  const book = await readAddressBook(home);
  const headers = { authorization: `Bearer ${book?.googleToken}` };
  for (const [project, status] of [
    ['shop-production', 200],
    ['shop-backups', 200],
    ['wellness-production', 403],
  ])
    expect((await fetch(`${book?.google}/v1/projects/${project}`, { headers })).status).toBe(
      status,
    );

  const temporal = recordOf(home, 'temporal');
  process.kill(recordOf(home, 'server').pid, 'SIGKILL');
  const mended = await run('up', '--home', home);
  expect(mended.line.started).toEqual(['server']);
  expect(mended.line.google).toBe(first.line.google);
  expect(recordOf(home, 'temporal').pid).toBe(temporal.pid);

  const walls = async () => (await fetch(`${book?.google}/_sandbox/walls`, { headers })).json();
  expect(await walls()).toEqual({ apis: true, impersonation: true, ipv6: true });
  await run('up', '--home', home, '--wall-off', 'apis');
  expect(await walls()).toEqual({ apis: false, impersonation: true, ipv6: true });
  await run('up', '--home', home);
  expect(await walls()).toEqual({ apis: true, impersonation: true, ipv6: true });

  expect((await run('down', '--home', home)).line.ended).toEqual(['server', 'temporal']);
  expect((await run('down', '--home', home)).line.ended).toEqual([]);
  await expect(fetch(first.line.google)).rejects.toThrow('fetch failed');
});

test('the world and its ports are the same after down and up', async () => {
  const home = newHome();
  const first = await run('up', '--home', home, ...alone, ...owners);
  const book = await readAddressBook(home);
  const headers = {
    ...{ authorization: `Bearer ${book?.googleToken}`, 'content-type': 'application/json' },
  };
  const project = `${book?.google}/v1/projects/shop-production`;
  const secret = `${project}/secrets`;
  const api = `${project}/services/secretmanager.googleapis.com:enable`;
  await fetch(api, { method: 'POST', headers, body: '{}' });
  const body = JSON.stringify({ replication: { automatic: {} } });
  await fetch(`${secret}?secretId=kept`, { method: 'POST', headers, body });
  await run('down', '--home', home);
  const second = await run('up', '--home', home, ...alone);
  expect(second.line.google).toBe(first.line.google);
  expect((await fetch(`${secret}/kept`, { headers })).status).toBe(200);
});

test('the organizations that are named are there, each with a token of its own, and stay so', async () => {
  const home = newHome();
  await run('up', '--home', home, ...alone, '--organization', 'shop');
  const book = await readAddressBook(home);
  const headers = { authorization: `Bearer ${book?.supabaseToken}` };
  const organizations = async () =>
    Organizations.parse(
      await (await fetch(`${book?.supabase}/_sandbox/organizations`, { headers })).json(),
    );
  const [shop, ...others] = await organizations();
  expect(shop?.slug).toBe('shop');
  expect(others).toEqual([]);
  await run('up', '--home', home, ...alone, '--organization', 'shop', '--organization', 'labs');
  expect((await organizations()).map(({ slug }) => slug).sort()).toEqual(['labs', 'shop']);
  expect(await organizations()).toContainEqual(shop);
});

test('a port that was asked for and is in use is named with its holder', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
  const home = newHome();
  const { code, line } = await run('up', '--home', home, ...alone, '--api-port', String(port));
  server.close();
  expect(code).toBe(3);
  expect(line.failure).toMatchObject({ code: 'PORT_IN_USE', what: `Port ${port} is in use.` });
  const holder = process.platform === 'linux' ? `Process ${process.pid} ` : 'Another process';
  expect(line.failure.why).toContain(holder);
});

test('down leaves a process alone that only has the number of ours', async () => {
  const home = newHome();
  await run('up', '--home', home, ...alone);
  const record = recordOf(home, 'server');
  const file = join(home, 'run', 'server.json');
  writeFileSync(file, JSON.stringify({ ...record, pid: process.pid }));
  expect((await run('down', '--home', home)).line.ended).toEqual([]);
  writeFileSync(file, JSON.stringify(record));
  expect((await run('down', '--home', home)).line.ended).toEqual(['server']);
});

test('two ups at once start one sandbox', async () => {
  const home = newHome();
  const both = await Promise.all([
    run('up', '--home', home, ...alone),
    run('up', '--home', home, ...alone),
  ]);
  expect(both.map(({ line }) => line.started).sort((a, b) => a.length - b.length)).toEqual([
    [],
    ['server'],
  ]);
});

test('options that cannot be understood are a failure with words', async () => {
  const { code, line } = await run('up', '--home', newHome(), '--no-temporal');
  expect(code).toBe(3);
  expect(line.failure.code).toBe('USAGE');
});
