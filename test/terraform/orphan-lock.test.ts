import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { breakOrphanLock } from '../../src/terraform/orphan-lock.ts';
import { identify, thisMachine } from '../../src/terraform/process-identity.ts';
import type { PastRun } from '../../src/terraform/lock-owner.ts';
import type { LockObject } from '../../src/terraform/orphan-lock.ts';

const machine = await thisMachine();
const ourselves = (await identify(process.pid)) ?? { pid: 0, started: '' };
const dead = { pid: ourselves.pid, started: '1' }; // our number, another start

const run = (record: Partial<PastRun['record']> = {}, outcome?: PastRun['outcome']): PastRun => ({
  record: {
    machine,
    startedAt: '2026-11-24T06:00:00.000Z',
    cwd: '/stack',
    command: ['terraform', 'apply'],
    supervisor: dead,
    terraform: dead,
    ...record,
  },
  outcome,
});
const outcome = (exitCode: number) => ({
  exitCode,
  endedAt: '2026-11-24T06:00:09.000Z',
  interrupted: false,
});
const lock = (more: object = {}) =>
  JSON.stringify({
    ID: '17',
    Operation: 'OperationTypeApply',
    Who: `root@${hostname()}`,
    Created: '2026-11-24T06:00:03Z',
    ...more,
  });

function storeOf(object: LockObject | undefined, current = object?.generation) {
  const removed: string[] = [];
  return {
    removed,
    read: async () => object,
    remove: async (generation: string) => {
      if (generation !== current) return false;
      removed.push(generation);
      return true;
    },
  };
}

test('no lock is free', async () => {
  expect(await breakOrphanLock(storeOf(undefined), [])).toEqual({ lock: 'free' });
});

test.each([
  ['whose processes are gone', run()],
  ['that was killed, and says so', run({}, outcome(137))],
  ['of before a reboot', run({ machine: { ...machine, boot: 'old' }, supervisor: ourselves })],
  ['whose supervisor died before it began Terraform', run({ terraform: undefined })],
])('the lock of a run %s is broken, by its generation', async (_name, past) => {
  const store = storeOf({ generation: '17', text: lock() });
  expect(await breakOrphanLock(store, [past])).toMatchObject({ lock: 'broken' });
  expect(store.removed).toEqual(['17']);
});

// A worker's container that was made anew: another hostname, the same volume.
const elsewhere = { machine: { ...machine, host: 'old-container' } };
const lockOfOld = lock({ Who: 'root@old-container' });

test('the lock of a run under the hostname of before is broken once its pulse stands still', async () => {
  const store = storeOf({ generation: '17', text: lockOfOld });
  const past = { ...run(elsewhere), pulse: () => Promise.resolve('still' as const) };
  expect(await breakOrphanLock(store, [past])).toMatchObject({ lock: 'broken' });
});

test.each([
  ['beats', 'lives'],
  ['none', 'no pulse'],
] as const)('but is kept where its pulse is: %s', async (pulse, why) => {
  const store = storeOf({ generation: '17', text: lockOfOld });
  const past = { ...run(elsewhere), pulse: () => Promise.resolve(pulse) };
  expect(await breakOrphanLock(store, [past])).toMatchObject({
    lock: 'kept',
    why: expect.stringContaining(why),
  });
});

test.each([
  ['whose Terraform lives', lock(), [run({ terraform: ourselves })], 'lives'],
  ['whose supervisor lives', lock(), [run({ supervisor: ourselves })], 'lives'],
  ['of another machine', lock({ Who: 'root@elsewhere' }), [run()], 'another machine'],
  ['of nobody we know', lock(), [], 'no unfinished run'],
  ['that gave its lock back', lock(), [run({}, outcome(1))], 'no unfinished run'],
  ['begun after it', lock({ Created: '2026-11-24T05:59:59Z' }), [run()], 'no unfinished run'],
  ['begun long before it', lock({ Created: '2026-11-24T06:05:00Z' }), [run()], 'no unfinished run'],
  ['on a machine of another name', lock(), [run({ machine: { host: 'x', boot: '' } })], 'no unf'],
  ['that cannot be read', 'not JSON', [run()], 'cannot be read'],
])('a lock of a run %s is kept', async (_name, text, runs, why) => {
  const store = storeOf({ generation: '17', text });
  expect(await breakOrphanLock(store, runs)).toMatchObject({
    lock: 'kept',
    why: expect.stringContaining(why),
  });
  expect(store.removed).toEqual([]);
});

test('one living suspect is enough to keep it', async () => {
  const store = storeOf({ generation: '17', text: lock() });
  const verdict = await breakOrphanLock(store, [run(), run({ terraform: ourselves })]);
  expect(verdict.lock).toBe('kept');
});

test('a lock that changed hands meanwhile is kept', async () => {
  const store = storeOf({ generation: '17', text: lock() }, '18');
  expect(await breakOrphanLock(store, [run()])).toMatchObject({
    lock: 'kept',
    why: expect.stringContaining('changed hands'),
  });
});
