import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessVersion, newestEnabled } from '../../src/gcp/secrets.ts';
import { migratorSecret } from '../../src/login-secrets.ts';
import { serviceSecrets } from '../../src/services.ts';
import { canaries } from '../canaries/kinds.ts';
import type { Canary } from '../canaries/kinds.ts';
import { files, histories, watchProcesses } from '../canaries/places.ts';
import type { Place } from '../canaries/places.ts';
import { makeLeak, plant } from '../canaries/plant.ts';
import type { Leak } from '../canaries/plant.ts';
import { scan } from '../canaries/scan.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { openReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import type { Rig } from './rig.ts';

const all = canaries();
const variables = all.filter(({ by }) => by === 'variable');
let rig: Rig;
let receiver: Receiver;
const said: Place[] = [];

beforeAll(async () => {
  const env = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  [rig, receiver] = await Promise.all([openDeployedRig({ few: true, env }), openReceiver()]);
  await plant(rig, all, receiver.url);
});
afterAll(async () => {
  await rig.close();
  await receiver.close();
});

/** A run in which something tells all its secrets as it fails; `make canaries` plays them all. */
const leaks: readonly (readonly [Leak, string])[] = [
  ['answers', 'smoke'],
  ...(process.env['WINDLASS_CANARIES'] === 'all'
    ? ([
        ['commands', 'smoke'],
        ['crashes', 'services'],
        ['migrates', 'migrate'],
      ] as const)
    : []),
];

it.each(leaks)(
  'a release of which something %s with every secret fails at %s and tells none',
  async (leak, step) => {
    const before = receiver.taken().length;
    await makeLeak(rig, leak);
    const watching = watchProcesses();
    for (const args of [
      ['deploy', '-e', 'production', '--json'],
      ['status', '-e', 'production'],
    ]) {
      const ended = await rig.windlass(...args);
      said.push([`windlass ${args[0]}`, Buffer.from(ended.all)]);
      if (args[0] !== 'deploy') continue;
      expect(ended.exitCode, ended.all).toBe(4);
      expect(ended.all).toContain(step);
      expect(ended.all).toContain('[secret]'); // it did come by, and was seen
    }
    said.push(...(await watching.end()));
    await expect.poll(() => receiver.taken().length, { timeout: 60_000 }).toBeGreaterThan(before);
    said.push(['webhook', Buffer.from(JSON.stringify(receiver.taken()))]);
    const places = [...said, ...(await histories(rig)), ...(await files(rig))];
    expect(places.length).toBeGreaterThan(50);
    const known = [...all, ...(await generated())];
    expect(places.flatMap(([place, bytes]) => scan(bytes, place, known))).toEqual([]);
  },
);

/** What Windlass made itself is no better known to the scanner than what was planted. */
async function generated(): Promise<readonly Canary[]> {
  const site = await rig.site();
  const ids = [migratorSecret, ...serviceSecrets(site.config).map(({ id }) => id)];
  const read = ids
    .filter((id) => !all.some(({ name }) => id === `meals-${name}`))
    .map(async (id) => {
      const version = await newestEnabled(site.google, id).catch(() => undefined);
      if (version === undefined) return [];
      const value = String(await accessVersion(site.google, { secret: id, version }));
      const core = URL.canParse(value) ? new URL(value).password : '';
      return core.length < 16 ? [] : [{ name: id, by: 'external' as const, core, value }];
    });
  return (await Promise.all(read)).flat();
}
