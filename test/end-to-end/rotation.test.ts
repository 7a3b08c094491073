import { afterAll, beforeAll, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { accessVersion, listVersions } from '../../src/gcp/secrets.ts';
import { ask } from '../../src/smoke/ask.ts';
import { reachOf } from '../../src/smoke/reach.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';
import { versionsAt } from './urls.ts';

const id = 'habits-database-url';
let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  // A release before the rotation, to go back to.
  const meals = 'examples/wellness/meals/main.py';
  await rig.edit(meals, 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
  const ended = await rig.windlass('deploy', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
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
  // The pooler is told the project, too.
  expect(new URL(String(value)).username).toMatch(/^habits_service_2(\.|$)/);
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

it('refuses a rollback to what was retired before its traffic moves, and names the way', async () => {
  const refused = await rig.windlass('rollback', '-e', 'production');
  expect(refused.exitCode, refused.all).toBe(3);
  expect(refused.all).toContain(`version 1 of ${id} is disabled`);
  expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0' });
  const [, command = ''] = /`windlass (secrets enable [^`]+)`/.exec(refused.all) ?? [];
  const enabled = await rig.windlass(...command.split(' '));
  expect(enabled.stdout).toContain(`${id}: version 1 enabled`);
  expect(enabled.stdout).toContain('habits_service has the password of version 1 again');
  const ended = await rig.windlass('rollback', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
  expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0', habits: '1.0.0' });
});
