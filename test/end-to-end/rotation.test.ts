import { afterAll, beforeAll, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { accessVersion, listVersions } from '../../src/gcp/secrets.ts';
import { ask } from '../../src/smoke/ask.ts';
import { reachOf } from '../../src/smoke/reach.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';

const id = 'habits-database-url';
let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
});

afterAll(() => rig?.close());

it('rotates a password while the service answers every call', async () => {
  const site = await rig.site();
  const habits = async () => {
    const found = (await readServices(site.google)).find(({ name }) => name === 'habits');
    if (!found) throw new Error('there is no habits');
    return found;
  };
  const reach = await reachOf(site, await habits(), {});
  const statuses: number[] = [];
  const rotation = { over: false };
  const call = async (): Promise<void> => {
    while (!rotation.over) statuses.push((await ask(reach, { path: '/readyz' })).status);
  };
  const calling = held(call());
  const before = (await habits()).latestReadyRevision;
  const ended = await rig.windlass('secrets', 'rotate', 'habits', '-e', 'production');
  rotation.over = true;
  await calling;
  expect(ended.exitCode, ended.all).toBe(0);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(statuses.length).toBeGreaterThan(20);
  expect((await habits()).latestReadyRevision).not.toBe(before);
});

it('serves through the second login, which acts as the first', async () => {
  const site = await rig.site();
  const value = await accessVersion(site.google, { secret: id, version: 'latest' });
  expect(new URL(String(value)).username).toBe('habits_service_2');
  const states = (await listVersions(site.google, id)).map(({ state }) => state);
  expect(states).toEqual(['ENABLED', 'ENABLED']);
});

it('keeps the old version for rollbacks, then retires it with its password', async () => {
  const early = await rig.windlass('secrets', 'retire', 'habits', '-e', 'production');
  expect(early.exitCode).toBe(3);
  expect(early.all).toContain('kept for rollbacks');
  await rig.edit('windlass.yaml', 'cost:\n', 'rotation: { keepHours: 0 }\ncost:\n');
  const ended = await rig.windlass('secrets', 'retire', 'habits', '-e', 'production');
  expect(ended.stdout).toContain(`${id}: version 1 disabled, habits_service has no password`);
  const states = (await listVersions((await rig.site()).google, id)).map(({ state }) => state);
  expect(states).toEqual(['ENABLED', 'DISABLED']);
});
