import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { stepsOf } from '../../src/step.ts';
import { stopUpdate } from '../../workflows/messages.ts';
import { rollbackTable } from '../../workflows/rollback-table.ts';
import { broken, openStage, untilCancelled } from './stage.ts';
import type { Part, Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(inject('temporalAddress'));
}, 240_000);

afterEach(async () => {
  await stage.replay();
});

afterAll(async () => {
  await stage.leave();
});

/** Everything that a rollback does once its traffic begins to move, in the order of the table. */
const slower = [
  ...['backUp', 'applyFoundation', 'observeSupabase', 'bootstrapSupabase', 'refillSecrets'],
  ...['proveLogins', 'applyTargetServices', 'observeRevisions', 'downgradeToTarget'],
  ...['removeLeaving', 'verifyAndRecord'],
];
/** What may lead traffic back to the release that is left. */
const leadsBack = /^(restore|undo|withdraw|downgrade$|promote$)/;

/** Everything that a rollback can have to do. */
const planned = {
  ...{ digest: 'a'.repeat(64), stacks: [], migrations: [], settings: [], promote: [], states: [] },
  ...{ secretVersions: {}, missingSecrets: ['one'], cost: { fixed: 1, unknown: [] } },
  ...{ unchanged: false, undo: { pointsOfNoReturn: [] } },
  removal: { services: ['late'], secrets: [], addresses: {} },
};
const bundle = { id: 'r-1', object: 'releases/r-1', sha256: '0' };

/** A world of one traffic light: where the users are, moved by the activities that move it. */
function world(parts: Readonly<Record<string, Part>> = {}) {
  const light = { at: 'left' };
  const whole: Readonly<Record<string, Part>> = {
    planRollback: () => ({ bundle, plan: planned }),
    trafficToTarget: () => void (light.at = 'target'),
    restoreTraffic: () => void (light.at = 'left'),
    undoServices: () => void (light.at = 'left'),
    ...parts,
  };
  return { light, parts: whole };
}

const fails = (name: string) => (): never => {
  throw broken(`${name} broke`);
};

describe('a rollback', () => {
  it('has no row that winds anything back', () => {
    const rows = stepsOf(rollbackTable);
    expect(rows.filter(({ undo }) => typeof undo === 'function')).toEqual([]);
    expect(rows.find(({ pivot }) => pivot === 'once begun')?.id).toBe('traffic');
  });

  it('checks the way before the traffic moves, and completes', async () => {
    const { light, parts } = world();
    const play = await stage.begin('rollback', parts);
    expect(await play.end(), await play.told()).toBeUndefined();
    expect(light.at).toBe('target');
    const order = ['planRollback', 'checkWayBack', 'trafficToTarget', 'applyTargetServices'];
    expect(play.calls.filter((name) => order.includes(name))).toEqual(order);
  });

  it.each(['planRollback', 'checkWayBack'])(
    'that is refused by %s has touched nothing',
    async (name) => {
      const { light, parts } = world();
      const play = await stage.begin('rollback', { ...parts, [name]: fails(name) });
      expect(await play.end()).toBe('Rejected');
      expect((await play.report()).outcome).toBe('rejected');
      expect(light.at).toBe('left');
      for (const never of ['trafficToTarget', 'markEnvironment', 'backUp', 'recordOutcome'])
        expect(play.calls).not.toContain(never);
    },
  );

  it.each(slower)('that fails at %s leaves its traffic where it is', async (name) => {
    const { light, parts } = world();
    const play = await stage.begin('rollback', { ...parts, [name]: fails(name) });
    expect(await play.end()).toBe('LeftBehind');
    expect(light.at).toBe('target');
    expect(play.calls.filter((call) => leadsBack.test(call))).toEqual([]);
    const { outcome, failure } = await play.report();
    expect(outcome).toBe('failed-past-pivot');
    expect(failure).toMatchObject({ what: `${name} broke` });
    expect(play.calls).toContain('recordOutcome');
  });

  it('that fails while it moves the traffic leaves what has moved', async () => {
    const half = world();
    const moving = (): never => {
      half.light.at = 'target';
      throw broken('one service of eight refused');
    };
    const play = await stage.begin('rollback', { ...half.parts, trafficToTarget: moving });
    expect(await play.end()).toBe('LeftBehind');
    expect(half.light.at).toBe('target');
    expect(play.calls.filter((call) => leadsBack.test(call))).toEqual([]);
  });

  it.each(['stop', 'cancel'])(
    'that is ended by a %s leaves its traffic where it is',
    async (how) => {
      const { light, parts } = world({ applyTargetServices: untilCancelled });
      const play = await stage.begin('rollback', parts);
      await vi.waitUntil(() => play.calls.includes('applyTargetServices'), 60_000);
      if (how === 'cancel') await play.handle.cancel();
      else await play.handle.executeUpdate(stopUpdate, { args: [{ reason: 'test', actor: 'me' }] });
      expect(await play.end()).toBe(how === 'cancel' ? 'CancelledFailure' : 'LeftBehind');
      expect(light.at).toBe('target');
      expect(play.calls.filter((call) => leadsBack.test(call))).toEqual([]);
      const { failure } = await play.report();
      expect(failure).toMatchObject({
        code: 'CANCELLED',
        fix: expect.stringContaining('continues from'),
      });
      expect(play.calls).toContain('recordOutcome');
    },
  );
});
