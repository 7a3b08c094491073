import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { portHolder } from '../../sandbox/life/port-holder.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let ports: readonly number[];

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  const text = await readFile(join(rig.home, 'run', 'server.json'), 'utf8');
  const server = z.object({ pid: z.number() }).parse(JSON.parse(text)).pid;
  ports = listening().filter((port) => isBelow(portHolder(port)?.pid, server));
});
afterAll(async () => {
  await rig.close();
});

it('of what the sandbox opens, nothing but its proxies, its clouds and its databases has a port', () => {
  const programs = ports.map((port) => portHolder(port)?.command ?? '');
  expect(programs.length).toBeGreaterThan(5);
  const kinds = programs.map((one) => /sandbox\/server|postgrest|postgres/.exec(one)?.[0] ?? one);
  expect([...new Set(kinds)].toSorted()).toEqual(['postgres', 'postgrest', 'sandbox/server']);
});

it.each([
  ['without credentials', {}],
  ['by another name', { host: 'evil.example' }],
  ['with a token of his own', { authorization: 'Bearer ya29.mine', apikey: 'mine' }],
  ['as a container would ask its metadata', { 'metadata-flavor': 'Google' }],
])('whoever asks a port %s is answered nothing', async (_how, headers: Record<string, string>) => {
  const paths = [
    '/',
    '/_sandbox/logs/x',
    '/_sandbox/projects',
    '/_sandbox/profile',
    '/v1/projects',
  ];
  const token = '/computeMetadata/v1/instance/service-accounts/default/token';
  const asked = ports.flatMap((port) => [...paths, token].map((path) => ({ port, path })));
  const answers = await Promise.all(
    asked.map(async ({ port, path }) => [await statusOf(port, path, headers), `${port}${path}`]),
  );
  const taken = answers.filter(([status]) => Number(status) < 400);
  expect(taken.map(([status, where]) => `${status} ${where}`)).toEqual([]);
});

it.runIf(process.getuid?.() === 0)('nothing below .windlass/ is read by another user', () => {
  const other = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  const find = ['find', rig.home, '-type', 'f', '-readable'];
  const { stdout, stderr } = spawnSync('setpriv', [...other, ...find], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(stderr).toContain('Permission denied');
});

function listening(): readonly number[] {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8').trim().split('\n').slice(1),
  );
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const open = fields.filter(([, , , state]) => state === '0A');
  return open.map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

/** Whether a process is another's child, or a child of its children. */
function isBelow(pid: number | undefined, above: number): boolean {
  if (pid === undefined || pid < 2) return false;
  if (pid === above) return true;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return isBelow(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), above);
}

/** The status of an answer; 599 where nobody speaks HTTP. */
function statusOf(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, timeout: 10_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 599);
    });
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(599));
    asked.end();
  });
}
