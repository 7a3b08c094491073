import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hear } from '../../src/identity/hear.ts';
import { refuseUnauthorized } from '../../src/identity/refuse-unauthorized.ts';
import { wordDigest } from '../../src/identity/statement.ts';
import type { Site } from '../../src/site.ts';
import type { Statement } from '../../src/words.ts';
import { codeOf, openCast, start } from './cast.ts';
import type { Cast, Name } from './cast.ts';
import { openTrusted } from './trusted-site.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await openCast();
});
afterAll(() => cast.close());

const plan = 'a'.repeat(64);

describe('a word to a run', () => {
  let site: Site;
  let runId: string;
  beforeAll(async () => {
    site = await cast.standing();
    runId = randomUUID();
    await start(site, await cast.signed('ana', {}), { runId, by: runId });
  });

  const approve = async (by: Name | undefined, about: Partial<Statement> = {}, work = '7') => {
    const usual = { kind: 'approve', digest: plan, run: runId } as const;
    const word = by && (await cast.signed(by, { ...usual, ...about }));
    const said = { actor: 'bob', ...(word && { signed: word }) };
    return hear(site, { said, kind: 'approve', act: 'approve', digest: plan, runId, work });
  };

  it('that approves is refused from whoever started it, by whichever of their keys', async () => {
    expect(await codeOf(approve('ana'))).toBe('APPROVAL_SAME_PERSON');
    expect(await codeOf(approve('ana2'))).toBe('APPROVAL_SAME_PERSON');
  });

  it('that approves is refused unsigned, from strangers, for another plan or run', async () => {
    expect(await codeOf(approve(undefined))).toBe('SIGNATURE_MISSING');
    expect(await codeOf(approve('eve'))).toBe('SIGNER_UNKNOWN');
    const other = await approve('bob', { digest: 'b'.repeat(64) }).catch((e: unknown) => e);
    expect(other).toMatchObject({ code: 'SIGNED_FOR_OTHER_DIGEST' });
    expect(await codeOf(approve('bob', { run: randomUUID() }))).toBe('SIGNED_FOR_OTHER_RUN');
    expect(await codeOf(approve('bob', { kind: 'stop' }))).toBe('SIGNED_FOR_OTHER_KIND');
  });

  it('lets what changes the environment begin, and nothing before it', async () => {
    const asked = { activity: 'applyFoundation', runId, by: runId };
    const waits = { ...asked, plan: { digest: plan, unchanged: false } };
    expect(await codeOf(refuseUnauthorized(site, waits))).toBe('RUN_NOT_AUTHORIZED');
    expect(await approve('bob')).toMatchObject({ act: 'approve', by: 'bob', how: 'ssh-key' });
    expect(await codeOf(refuseUnauthorized(site, waits))).toBe('taken');
    const other = { ...asked, plan: { digest: 'c'.repeat(64), unchanged: false } };
    expect(await codeOf(refuseUnauthorized(site, other))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('that stops or decides counts once, and says who and why', async () => {
    const digest = wordDigest({ reason: 'too slow' });
    const word = await cast.signed('bob', { kind: 'stop', digest, run: runId });
    const said = { actor: 'x', signed: word };
    const stop = (work: string) =>
      hear(site, { said, kind: 'stop', act: 'stop', digest, runId, work });
    expect(await stop('8')).toMatchObject({ act: 'stop', by: 'bob', how: 'ssh-key' });
    expect(await codeOf(stop('8'))).toBe('taken'); // the same work, tried again
    expect(await codeOf(stop('9'))).toBe('SIGNED_TWICE');
  });
});

describe('anyone with access to Temporal', () => {
  it('has nothing changed for a run that nobody started who may', async () => {
    const site = await cast.standing();
    const asked = { activity: 'promote', runId: 'forged', by: 'forged' };
    expect(await codeOf(refuseUnauthorized(site, asked))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('has nothing changed by naming a bucket of its own, in which nobody stands', async () => {
    const site = await cast.standing();
    expect(await codeOf(start(site, await cast.signed('ana', {})))).toBe('taken');
    const { releaseBucket } = await openTrusted(cast.door);
    const forged = { ...site, releaseBucket };
    const asked = { activity: 'promote', runId: 'own-bucket', by: 'own-bucket' };
    expect(await codeOf(refuseUnauthorized(forged, asked))).toBe('RUN_NOT_AUTHORIZED');
    expect(await codeOf(start(forged, undefined))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('has nothing done by an activity that no workflow asks for', async () => {
    const site = await openTrusted(cast.door);
    const asked = { activity: 'planRelease', runId: 'x', by: undefined };
    expect(await codeOf(refuseUnauthorized(site, asked))).toBe('RUN_NOT_AUTHORIZED');
  });

  it('has nothing changed by a run that acts in the name of one that was authorized', async () => {
    const site = await cast.standing({ approval: 'auto', secondPerson: false });
    const runId = randomUUID();
    await start(site, await cast.signed('ana', {}), { runId, by: runId });
    const asked = { activity: 'promote', runId };
    expect(await codeOf(refuseUnauthorized(site, { ...asked, by: runId }))).toBe('taken');
    expect(await codeOf(refuseUnauthorized(site, { ...asked, by: 'other' }))).toBe(
      'RUN_NOT_AUTHORIZED',
    );
  });
});
