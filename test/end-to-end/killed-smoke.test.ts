import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openClient } from '../../src/postgres/connect.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let client: pg.Client;

beforeAll(async () => {
  rig = await openRig();
  const ended = await rig.windlass('deploy', '-e', 'production');
  if (ended.exitCode !== 0) throw new Error(ended.all);
  client = await openClient(await requireDatabase(await rig.site()));
});
afterAll(async () => {
  await client?.end();
  await rig?.close();
});

it('removes what a killed attempt of the smoke test left, vouchers and people alike', async () => {
  await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
  const deploying = rig.windlass('deploy', '-e', 'production');
  while ((await made()).people === 0) await pause(5);
  process.kill(await workerPid(), 'SIGKILL');
  const left = await made();
  expect(left.vouchers).toBeGreaterThan(0);
  expect(left.people).toBeGreaterThan(0);
  await rig.windlass('sandbox', 'up'); // starts the worker that is missing
  const ended = await deploying;
  expect(ended.exitCode, ended.all).toBe(0);
  expect(await made()).toEqual({ vouchers: 0, people: 0, profiles: 0 });
});

const Made = z.object({
  vouchers: z.coerce.number(),
  people: z.coerce.number(),
  profiles: z.coerce.number(),
});

async function made() {
  const { rows } = await client.query(`select
    (select count(*) from users.vouchers) as vouchers,
    (select count(*) from auth.users) as people,
    (select count(*) from users.profiles) as profiles`);
  return Made.parse(rows[0]);
}

async function workerPid(): Promise<number> {
  const text = await readFile(join(rig.home, 'run', 'worker.json'), 'utf8');
  return z.object({ pid: z.int() }).parse(JSON.parse(text)).pid;
}
