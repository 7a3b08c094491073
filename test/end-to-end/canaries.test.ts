import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { breakCalls, mend } from './midway.ts';
import { prepareNextRelease } from './next-release.ts';
import { openReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import type { Rig } from './rig.ts';

const all = canaries();
const variables = all.filter(({ by }) => by === 'variable');
let rig: Rig;
let receiver: Receiver;
const said: Place[] = [];
const whole = process.env['WINDLASS_CANARIES'] === 'all';

beforeAll(async () => {
  const env = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  [rig, receiver] = await Promise.all([openDeployedRig({ few: true, env }), openReceiver()]);
  if (whole) await prepareNextRelease(rig);
  await plant(rig, all, receiver.url);
});
afterAll(async () => {
  await rig.close();
  await receiver.close();
});

const about = async (...args: readonly string[]) => {
  const ended = await rig.windlass(...args, '-e', 'production');
  said.push([`windlass ${args.join(' ')}`, Buffer.from(ended.all)]);
  return ended;
};

describe.runIf(whole)('a release in which nobody tells its secrets', () => {
  it.each([
    ['foundation'],
    ['supabase'],
    ['migrate', 'habits'],
    ['services', 'meals'],
    ['smoke', 'journal'],
    ['promote', 'journal'],
  ])('fails at %s', async (...fault) => {
    const done = watched();
    await rig.windlass('sandbox', 'fault', ...fault);
    const ended = await about('deploy', '--json');
    await rig.windlass('sandbox', 'fault', '--clear', ...fault);
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain(fault[0]);
    await done();
  });

  it.each([
    ['fill the secrets', 'secrets', ':addVersion$'],
    ['undo them', 'secrets', ':disable$'],
  ])('fails where Google repeats every secret as it is to %s', async (_what, step, pathPattern) => {
    const done = watched();
    const told = all.filter(({ by }) => by === 'external').map(({ value }) => value);
    const message = `These are not taken: ${[...told, JSON.stringify(told)].join(' ')}`;
    const body = { error: { code: 400, status: 'INVALID_ARGUMENT', message } };
    await rig.windlass('sandbox', 'fault', 'services', 'meals');
    await breakCalls(rig, { method: 'POST', pathPattern, status: 400, body });
    const ended = await about('deploy', '--json');
    await mend(rig);
    await rig.windlass('sandbox', 'fault', '--clear', 'services', 'meals');
    expect([4, 5], ended.all).toContain(ended.exitCode);
    expect(ended.all).toContain(step);
    expect(ended.all).toContain('[secret]');
    if (ended.exitCode === 5) {
      await about('undo', 'retry', step);
      await about('status', '--watch');
    }
    await done();
  });

  it('succeeds', async () => {
    const done = watched({ notice: false });
    const ended = await about('deploy', '--json');
    expect(ended.exitCode, ended.all).toBe(0);
    await done();
  });
});

/** A run in which something tells all its secrets as it fails; `make canaries` plays them all. */
const leaks: readonly (readonly [Leak, string])[] = [
  ['answers', 'smoke'],
  ...(whole
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
    await makeLeak(rig, leak);
    const done = watched();
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
    await done();
  },
);

/** Watches what runs; at the end nothing that was said or is kept may hold a canary. */
function watched({ notice } = { notice: true }): () => Promise<void> {
  const before = receiver.taken().length;
  const watching = watchProcesses();
  return async () => {
    said.push(...(await watching.end()));
    const least = notice ? before + 1 : before; // a run that succeeds sends none
    const taken = () => receiver.taken().length;
    await expect.poll(taken, { timeout: 60_000 }).toBeGreaterThanOrEqual(least);
    said.push(['webhook', Buffer.from(JSON.stringify(receiver.taken()))]);
    const places = [...said, ...(await histories(rig)), ...(await files(rig))];
    expect(places.length).toBeGreaterThan(50);
    const known = [...all, ...(await generated())];
    expect(places.flatMap(([place, bytes]) => scan(bytes, place, known))).toEqual([]);
  };
}

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
