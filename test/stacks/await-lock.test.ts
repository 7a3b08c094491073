import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { awaitLock } from '../../src/stacks/await-lock.ts';
import type { LockObject } from '../../src/terraform/orphan-lock.ts';

const text = JSON.stringify({ Who: 'eve@laptop', Created: '2026-11-28T10:00:00Z' });
const called = { stack: '20-services', unlock: 'windlass state unlock -e x --stack 20-services' };

beforeEach(() => {
  vi.stubEnv('WINDLASS_LOCK_PATIENCE', '1');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A lock that is gone after so many looks. */
function lockedFor(looks: number) {
  let left = looks;
  const object: LockObject = { generation: '7', text };
  return {
    called,
    everyRun: () => Promise.resolve([]),
    lock: {
      read: () => Promise.resolve((left -= 1) >= 0 ? object : undefined),
      remove: () => Promise.resolve(false),
    },
  };
}

it('a foreign lock is told at the first look, with its holder, and waited for', async () => {
  const told: string[] = [];
  await awaitLock(lockedFor(2), { beat: (line) => told.push(line) });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^waiting for at most 1 s more: the state of 20-services is locked by eve@/,
  );
});

it('one that stays is refused once patience is over, with the command that shows and frees it', async () => {
  await expect(awaitLock(lockedFor(1000), {})).rejects.toMatchObject({
    code: 'STATE_LOCKED',
    class: 'undo', // no second wait of the same length
    why: expect.stringContaining('eve@laptop since 2026-11-28T10:00:00Z'),
    fix: expect.stringContaining(called.unlock),
  });
});

it('nobody waits where the state is not locked', async () => {
  const told: string[] = [];
  await awaitLock(lockedFor(0), { beat: (line) => told.push(line) });
  expect(told).toEqual([]);
});
