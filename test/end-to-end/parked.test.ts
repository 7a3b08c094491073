import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disableVersion, listVersions } from '../../src/gcp/secrets.ts';
import { readMarker } from '../../src/lease/read-lease.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls, mend } from './midway.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;
let before: readonly string[];

const noDisable = { method: 'POST', pathPattern: ':disable$', status: 400 };
const noSettings = { method: 'PATCH', pathPattern: '/config/auth$', status: 400 };

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  await prepareNextRelease(rig);
  before = (await rig.fingerprint()).lines; // its secrets are those of windlass.yaml
});

afterAll(async () => {
  await rig.close();
});

const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');
const watch = () => about('status', '--watch');

describe('an undo that cannot finish', () => {
  it('parks the run: exit code and status name the undo, why, and what may be said', async () => {
    await rig.windlass('sandbox', 'fault', 'services', 'meals');
    await breakCalls(rig, noDisable);
    const ended = await about('deploy');
    expect(ended.exitCode, ended.all).toBe(5);
    expect(ended.all).toContain('the undo of secrets needs your decision');
    expect(ended.all).toMatch(/✘ .*\[GOOGLE_\w+\]/);
    expect(ended.all).toMatch(/still to come: supabase, foundation/);
    const status = await about('status');
    expect(status.stdout).toContain('parked    the undo of secrets needs your decision');
    expect(status.stdout).toContain('bin/windlass undo skip secrets -e production --reason');
  });

  it('takes no word that is not about it, and none without a reason', async () => {
    const other = await about('undo', 'skip', 'migrate', '--reason', 'a test');
    expect(other.exitCode, other.all).toBe(3);
    expect(other.all).toContain('the parked undo is that of secrets');
    const silent = await about('undo', 'skip', 'secrets');
    expect(silent.exitCode, silent.all).toBe(2);
  });

  it('is tried again by another worker, and parks again while nothing is mended', async () => {
    await rig.killWorker();
    expect((await about('status')).stdout).toContain('the undo of secrets needs your decision');
    await about('undo', 'retry', 'secrets');
    const watched = await watch();
    expect(watched.exitCode, watched.all).toBe(5);
    expect(watched.all).toContain('the undo of secrets needs your decision');
  });

  it('is left behind by a skip; the undos after it still run, and may park as well', async () => {
    await breakCalls(rig, noSettings);
    await about('undo', 'skip', 'secrets', '--reason', 'the version harms nobody');
    const watched = await watch();
    expect(watched.exitCode, watched.all).toBe(5);
    expect(watched.all).toContain('the undo of supabase needs your decision');
  });

  it('goes through by a retry once its cause is gone; the end names what is left', async () => {
    await mend(rig);
    await about('undo', 'retry', 'supabase');
    const watched = await watch();
    expect(watched.exitCode, watched.all).toBe(5);
    expect(watched.all).toMatch(/left behind at secrets: .*\(the version harms nobody\)/);
    expect(watched.all).toContain('make production-recover ARGS=--reconcile');
    expect(await versionsAt(await rig.site())).toMatchObject({ journal: '1.0.0', meals: '1.0.0' });
    const entry = (await readLedger(await rig.site())).at(-1);
    expect(entry?.undo).toMatchObject({
      ...{ services: 'undone', migrate: 'undone', secrets: 'left' },
      ...{ supabase: 'undone', foundation: 'undone' },
    });
    expect(entry?.left).toEqual(['secrets: the version harms nobody']);
  });

  it('is made up for by a reconciliation: until then no deploy begins', async () => {
    const refused = await about('deploy');
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain('ENVIRONMENT_DIRTY');
    const ended = await about('recover', '--reconcile');
    expect(ended.exitCode, ended.all).toBe(0);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before);
  });

  it('ends as wound back where the operator did it by hand', async () => {
    await rig.windlass('sandbox', 'fault', 'services', 'meals');
    await breakCalls(rig, noDisable);
    const parked = await about('deploy');
    expect(parked.all).toContain('the undo of secrets needs your decision');
    await mend(rig);
    const { google } = await rig.site();
    const [version] = await listVersions(google, 'journal-diary-key');
    const secret = 'journal-diary-key';
    await disableVersion(google, { secret, version: version?.number ?? 0 });
    await about('undo', 'done', 'secrets', '--reason', 'disabled in the console');
    const watched = await watch();
    expect(watched.exitCode, watched.all).toBe(4);
    expect(await readMarker(await rig.site())).toBeUndefined();
    expect((await rig.fingerprint()).lines, watched.all).toEqual(before);
  });
});
