import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { broken, openStage, untilCancelled } from './stage.ts';
import type { Part, Play, Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
}, 60_000);

afterEach(async () => {
  await stage.replay();
});

afterAll(async () => {
  await stage.leave();
});

const digest = 'a'.repeat(64);
const newer = 'b'.repeat(64);
const touching = ['backUp', 'applyFoundation', 'bootstrapSupabase', 'applyServices', 'promote'];

/** A plan as the activity answers it; `over` changes it, `rules` are the environment's. */
function planned(over: object = {}, rules: object = {}): Part {
  return () => ({
    bundle: { id: 'r-1', object: 'releases/r-1', sha256: '0' },
    previous: null,
    approvalRules: { patienceSeconds: 3600, secondPerson: false, ...rules },
    plan: {
      ...{ digest, stacks: [], migrations: [], settings: [], promote: [], states: [] },
      ...{ secretVersions: {}, missingSecrets: [], cost: { fixed: 1, unknown: [] } },
      unchanged: false,
      ...over,
    },
  });
}

describe('the UI', () => {
  it('shows of a waiting run the digest, the command, and a timer with a name; at its end how it ended', async () => {
    const play = await waiting({ planRelease: planned() });
    const details = await detailsIn(play);
    expect(details).toContain(`of the plan ${digest}`);
    expect(details).toMatch(/`windlass approve a{12} -e stage-/);
    const { events } = await play.handle.fetchHistory();
    const timer = events?.find(({ timerStartedEventAttributes }) => timerStartedEventAttributes);
    expect(String(timer?.userMetadata?.summary?.data)).toContain('Until the plan');
    expect(await answerTo(play, { digest })).toBe('approved');
    expect(await play.end()).toBeUndefined();
    expect(await detailsIn(play)).not.toContain('Waits for');
    const { searchAttributes } = await play.handle.describe();
    expect(searchAttributes['Phase']).toEqual(['succeeded']);
  });

  it('shows of a plan that it was one, and of a failed run where it ended', async () => {
    const args = (environment: string) => [
      { environment, actor: 'tester', approval: 'auto', planOnly: true },
    ];
    const plan = await stage.start('deploy', { planRelease: planned() }, args);
    await plan.end();
    expect((await plan.handle.describe()).searchAttributes['Phase']).toEqual(['planned']);
    const parts = { planRelease: planned(), smokeTest: () => Promise.reject(broken('no')) };
    const failed = await stage.begin('deploy', parts);
    await failed.end();
    expect((await failed.handle.describe()).searchAttributes['Phase']).toEqual(['rolled-back']);
    expect(await detailsIn(failed)).toMatch(/✘ failed.*smoke[^]*not reached \| promote/);
  });
});

async function detailsIn({ handle }: Play): Promise<string> {
  const { currentDetails } = await handle.query<{ readonly currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  return currentDetails;
}

describe('an approval', () => {
  it('of another digest is refused, and the run waits on', async () => {
    const play = await waiting({ planRelease: planned() });
    expect(await answerTo(play, { digest: newer })).toBe('APPROVAL_WRONG_DIGEST');
    expect((await play.report()).outcome).toBe('waiting-for-approval');
    expect(await answerTo(play, { digest })).toBe('approved');
    expect(await play.end()).toBeUndefined();
  });

  it('by whoever asked for the deploy is refused where a second person is asked for', async () => {
    const play = await waiting({ planRelease: planned({}, { secondPerson: true }) });
    expect(await answerTo(play, { digest, actor: 'tester' })).toBe('APPROVAL_SAME_PERSON');
    expect(play.calls.filter((name) => touching.includes(name))).toEqual([]);
    expect(await answerTo(play, { digest, actor: 'another' })).toBe('approved');
    expect(await play.end()).toBeUndefined();
  });

  it('by the same user of the system under another name is refused, and by nobody known', async () => {
    const root = { name: 'root', how: 'os-user', by: 'uid 0', same: ['uid:0', 'user:root'] };
    const nobody = { name: 'nobody', how: 'os-user', by: 'uid 9', same: ['uid:9', 'uid:0'] };
    const second = { name: 'bob', how: 'os-user', by: 'uid 7', same: ['uid:7', 'user:bob'] };
    const asked = planned({}, { secondPerson: true });
    const play = await waiting({ planRelease: () => ({ ...Object(asked(1)), identity: root }) });
    const by = (identity: object, actor = 'somebody') =>
      answerTo(play, { digest, actor, ...identity });
    expect(await by({ identity: root })).toBe('APPROVAL_SAME_PERSON');
    expect(await by({ identity: nobody })).toBe('APPROVAL_SAME_PERSON');
    expect(await by({ identity: second }, ' Tester ')).toBe('APPROVAL_SAME_PERSON');
    expect(await by({})).toBe('APPROVAL_UNIDENTIFIED');
    expect(await by({ identity: second })).toBe('approved');
    expect(await play.end()).toBeUndefined();
  });

  it('of a plan whose state has moved is refused; the run plans and asks again', async () => {
    const play = await waiting({
      planRelease: planned(),
      statesMoved: () => ({ moved: ['20-services'] }),
    });
    play.change('planRelease', planned({ digest: newer }));
    expect(await answerTo(play, { digest })).toBe('APPROVAL_STATE_MOVED');
    await vi.waitUntil(async () => (await play.report()).plan?.digest === newer, 20_000);
    expect(play.calls.filter((name) => touching.includes(name))).toEqual([]);
    play.change('statesMoved', () => ({ moved: [] }));
    expect(await answerTo(play, { digest })).toBe('APPROVAL_WRONG_DIGEST');
    expect(await answerTo(play, { digest: newer })).toBe('approved');
    expect(await play.end()).toBeUndefined();
  });

  it('that nobody gives in time rejects the run and touches nothing', async () => {
    const play = await stage.begin(
      'deploy',
      { planRelease: planned({}, { patienceSeconds: 1 }) },
      'wait',
    );
    expect(await play.end()).toBe('Rejected');
    expect((await play.report()).failure?.code).toBe('APPROVAL_EXPIRED');
    expect(play.calls.filter((name) => touching.includes(name))).toEqual([]);
  });

  it('of a run that does not wait is refused', async () => {
    const play = await stage.begin('deploy', { planRelease: planned() });
    expect(await play.end()).toBeUndefined();
    const late = await stage.begin('deploy', { planRelease: untilCancelled }, 'wait');
    expect(await answerTo(late, { digest })).toBe('APPROVAL_NOT_WAITING');
    await late.handle.terminate('the test is over');
  });
});

describe('a plan with a point of no return', () => {
  it('is refused before anything is touched, and names what must be accepted', async () => {
    const undo = { pointsOfNoReturn: ['service:meals'] };
    const play = await stage.begin('deploy', { planRelease: planned({ undo }) });
    expect(await play.end()).toBe('Rejected');
    const { failure } = await play.report();
    expect(failure).toMatchObject({ code: 'POINT_OF_NO_RETURN' });
    expect(failure?.fix).toContain('--accept service:meals');
    expect(play.calls.filter((name) => touching.includes(name))).toEqual([]);
  });
});

async function waiting(parts: Readonly<Record<string, Part>>): Promise<Play> {
  const play = await stage.begin('deploy', parts, 'wait');
  await vi.waitUntil(async () => (await play.report()).outcome === 'waiting-for-approval', 20_000);
  return play;
}

/** `approved`, or the code of the refusal. */
async function answerTo(
  { handle }: Play,
  said: { readonly digest: string; readonly actor?: string },
): Promise<string> {
  try {
    await handle.executeUpdate('approve', { args: [{ actor: 'approver', ...said }] });
    return 'approved';
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return error.cause instanceof ApplicationFailure ? (error.cause.type ?? '') : '';
  }
}
