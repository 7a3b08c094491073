import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { undoUpdate } from '../../workflows/messages.ts';
import { broken, openStage, untilCancelled } from './stage.ts';
import type { Play, Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
}, 240_000);
afterEach(() => stage.replay());
afterAll(() => stage.leave());

const refusal = (type: string) => {
  const details = [{ why: 'eve took over', fix: 'look' }];
  return ApplicationFailure.create({ message: type, type, nonRetryable: true, details });
};
const fails = (type: string) => () => {
  throw refusal(type);
};
const of = (play: Play, ...names: readonly string[]) =>
  play.calls.filter((name) => names.includes(name));

describe('a run that changes an environment', () => {
  it('takes the lease once, before the first change, and renews it to the end', async () => {
    const play = await stage.begin('deploy', { holdLease: untilCancelled });
    expect(await play.end(), await play.told()).toBeUndefined();
    const order = of(play, 'backUp', 'takeLease', 'holdLease', 'applyFoundation', 'dropLease');
    expect(order.slice(0, 2)).toEqual(['backUp', 'takeLease']);
    expect(of(play, 'takeLease', 'holdLease')).toEqual(['takeLease', 'holdLease']);
    expect(of(play, 'dropLease')).toEqual([]); // its end was recorded, which gives it back
  });

  it.each(['ENVIRONMENT_BUSY', 'ENVIRONMENT_DIRTY', 'PLAN_OUTDATED'])(
    'that comes too late for it (%s) has touched nothing, and writes nothing down',
    async (type) => {
      const play = await stage.begin('deploy', { takeLease: fails(type) });
      expect(await play.end()).toBe('Rejected');
      expect(await play.report()).toMatchObject({ outcome: 'rejected', failure: { code: type } });
      expect(of(play, 'markEnvironment', 'applyFoundation', 'recordOutcome')).toEqual([]);
    },
  );

  it('that lost it winds nothing back: there is no undo to decide on', async () => {
    const lost = fails('LEASE_LOST');
    const play = await stage.begin('deploy', {
      applyServices: lost,
      undoServices: lost,
      ...{ downgrade: lost, withdrawSecrets: lost, restoreSupabase: lost, undoFoundation: lost },
    });
    expect(await play.end()).toBe('LeftBehind');
    const report = await play.report();
    expect(report).toMatchObject({ outcome: 'rolled-back-except' });
    expect(report.left.map(({ reason }) => reason)).toContain('eve took over');
    expect(of(play, 'parkLease')).toEqual([]);
  });

  it('keeps it while its undo waits for a person, and takes it up again for the next try', async () => {
    const play = await stage.begin('deploy', {
      holdLease: untilCancelled,
      applyServices: () => {
        throw broken('services broke');
      },
      undoServices: () => {
        throw broken('the undo broke');
      },
    });
    const parkedAt = async () => (await play.report().catch(() => undefined))?.parkedAt;
    await expect.poll(parkedAt, { timeout: 60_000 }).toBe('services');
    expect(of(play, 'takeLease', 'parkLease')).toEqual(['takeLease', 'parkLease']);
    play.change('undoServices', () => ({}));
    const word = { step: 'services', actor: 'a test', verdict: { action: 'retry' } } as const;
    await play.handle.executeUpdate(undoUpdate, { args: [word] });
    expect(await play.end()).toBe('RolledBack');
    expect(of(play, 'takeLease', 'parkLease')).toEqual(['takeLease', 'parkLease', 'takeLease']);
  });
});

it('a run that only looks takes none', async () => {
  const play = await stage.begin('deploy', { planRelease: fails('CONFIG_INVALID') });
  expect(await play.end()).toBe('Rejected');
  expect(of(play, 'takeLease')).toEqual([]);
});
