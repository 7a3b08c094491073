import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StackName } from '../../src/deploy.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { readObject, statObject } from '../../src/gcp/objects.ts';
import { stateObject } from '../../src/state/state-object.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Ended, Rig } from './rig.ts';
import { openIntruder } from './intruder.ts';
import { makeKey, peopleYaml } from './signers.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;
let waiting: Ended;
let keys: Readonly<Record<'ana' | 'bob' | 'eve', string>>;

const change = (from: string, to: string) =>
  rig.edit('examples/wellness/meals/main.py', `VERSION = "${from}"`, `VERSION = "${to}"`);
const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');

/** Says something with somebody's key, under a label that says it was somebody else. */
async function as(who: 'ana' | 'bob' | 'eve', ...args: string[]): Promise<Ended> {
  const { WINDLASS_SIGNING_KEY: before = '' } = rig.env;
  Object.assign(rig.env, { WINDLASS_SIGNING_KEY: keys[who], WINDLASS_ACTOR: 'second' });
  const ended = await about(...args);
  Object.assign(rig.env, { WINDLASS_SIGNING_KEY: before, WINDLASS_ACTOR: 'rig' });
  return ended;
}

const approve = (digest: string, by: 'ana' | 'bob' | 'eve') => as(by, 'approve', digest);

/** The digest in the command that a waiting run names. */
function digestIn({ all }: Ended): string {
  const digest = /approve (\w{12}) /.exec(all)?.[1];
  if (digest === undefined) throw new Error(all);
  return digest;
}

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  keys = {
    ana: await makeKey(rig.root, 'ana'),
    bob: await makeKey(rig.root, 'bob'),
    eve: await makeKey(rig.root, 'eve'),
  };
  rig.env['WINDLASS_SIGNING_KEY'] = keys.ana;
  const target = '  production:\n    target: sandbox\n';
  const { ana, bob } = keys;
  await rig.edit('windlass.yaml', target, `${target}${peopleYaml({ ana, bob })}`);
  await rig.edit('windlass.yaml', '\ncost:\n', '\napproval: { secondPerson: true }\ncost:\n');
  await change('1.0.0', '2.0.0');
  waiting = await about('deploy');
});

afterAll(async () => {
  await rig.close();
});

describe('a deploy that wants an approval', () => {
  it('says whose word counts where nobody was named before', () => {
    expect(waiting.all).toContain('those of this release are used (ana, bob)');
  });

  it('waits, and is approved by nothing but its digest and by nobody who asked for it', async () => {
    expect(waiting.exitCode, waiting.all).toBe(8);
    const before = await rig.fingerprint();
    const wrong = await approve('f'.repeat(12), 'bob');
    expect(wrong.exitCode, wrong.all).toBe(3);
    expect(wrong.all).toContain('APPROVAL_WRONG_DIGEST');
    const same = await approve(digestIn(waiting), 'ana');
    expect(same.exitCode, same.all).toBe(3);
    expect(same.all).toContain('APPROVAL_SAME_PERSON');
    const stranger = await approve(digestIn(waiting), 'eve');
    expect(stranger.exitCode, stranger.all).toBe(3);
    expect(stranger.all).toContain('SIGNER_UNKNOWN');
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
  });

  it('takes no word of anybody who only reaches Temporal', async () => {
    const intruder = await openIntruder();
    const before = await rig.fingerprint();
    try {
      const { plan } = await intruder.report();
      const identity = { name: 'bob', how: 'ssh-key', by: 'SHA256:x', same: ['person:bob'] };
      const forged = { actor: 'bob', identity };
      const approval = { digest: plan?.digest, ...forged };
      expect(await intruder.update('approve', approval)).toBe('SIGNATURE_MISSING');
      const stop = { reason: 'because I can', ...forged };
      expect(await intruder.update('stop', stop)).toBe('SIGNATURE_MISSING');
      expect((await intruder.report()).outcome).toBe('waiting-for-approval');
      expect((await rig.fingerprint()).lines).toEqual(before.lines);
    } finally {
      await intruder.close();
    }
  });

  it('plans again and asks again when a state has moved', async () => {
    await moveState('20-services');
    const late = await approve(digestIn(waiting), 'bob');
    expect(late.exitCode, late.all).toBe(3);
    expect(late.all).toContain('APPROVAL_STATE_MOVED');
    await expect
      .poll(async () => digestIn(await about('status', '--watch')), { timeout: 60_000 })
      .not.toBe(digestIn(waiting));
    const old = await approve(digestIn(waiting), 'bob');
    expect(old.exitCode, old.all).toBe(3);
    expect(old.all).toMatch(/APPROVAL_(WRONG_DIGEST|NOT_WAITING)/);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0' });
  });

  it('applies, byte for byte, what was approved', async () => {
    const digest = digestIn(await about('status', '--watch'));
    const approved = await approve(digest, 'bob');
    expect(approved.exitCode, approved.all).toBe(0);
    const watched = await about('status', '--watch');
    expect(watched.exitCode, watched.all).toBe(0);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0' });
    const entry = (await readLedger(await rig.site())).at(-1);
    expect(entry).toMatchObject({ approvedBy: 'bob', actor: 'ana' });
    expect(entry?.acts).toMatchObject([
      { act: 'start', by: 'ana', how: 'ssh-key', note: expect.stringContaining('first deploy') },
      { act: 'approve', by: 'bob', how: 'ssh-key', checked: expect.stringMatching(/^SHA256:/) },
    ]);
    expect(entry?.planDigest?.startsWith(digest)).toBe(true);
    const applied = await appliedBy(entry?.runId ?? '');
    expect(applied.length).toBeGreaterThan(0);
    const kept = await plansOf(entry?.planDigest ?? '');
    for (const sha256 of applied) expect(kept).toContain(sha256);
  });

  it('is rejected when nobody answers in time', async () => {
    const rule = 'approval: { secondPerson: true }';
    await rig.edit('windlass.yaml', rule, 'approval: { secondPerson: true, patience: 1s }');
    await change('2.0.0', '3.0.0');
    await about('deploy');
    await expect
      .poll(async () => (await about('status', '--watch')).all, { timeout: 30_000 })
      .toContain('APPROVAL_EXPIRED');
    const late = await about('status', '--watch');
    expect(late.exitCode, late.all).toBe(3);
    expect(late.all).toContain('nothing was changed');
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0' });
  });
});

/** Writes a state once more: the same bytes, another generation. */
async function moveState(stack: StackName): Promise<void> {
  const site = await rig.site();
  const { google } = site;
  const ref = await stateObject(site, stack);
  const [content, stored] = [await readObject(google, ref), await statObject(google, ref)];
  if (!content || !stored) throw new Error(`there is no state of ${stack}`);
  await replaceObject(google, { ...ref, generation: stored.generation }, content);
}

/** SHA-256 of every saved plan that a run fetched to apply it. */
async function appliedBy(runId: string): Promise<readonly string[]> {
  const folder = join(rig.home, 'runs', runId);
  const files = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('approved.tfplan'),
  );
  return Promise.all(files.map(async (name) => sha256(await readFile(join(folder, name)))));
}

/** The digests of the saved plans that stand in an approved plan, whose bytes have that digest. */
async function plansOf(digest: string): Promise<string> {
  const { google, releaseBucket: bucket } = await rig.site();
  const entry = (await readLedger(await rig.site())).at(-1);
  const name = `plans/${entry?.runId}/plan-${digest.slice(0, 12)}.json`;
  const details = await readObject(google, { bucket, name });
  expect(sha256(details ?? Buffer.of())).toBe(digest);
  return String(details);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
