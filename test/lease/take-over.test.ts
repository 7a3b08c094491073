import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awaitDeath, endParked } from '../../src/lease/await-death.ts';
import { keepLease } from '../../src/lease/keep-lease.ts';
import { readLease, readMarker } from '../../src/lease/read-lease.ts';
import { refuseDirty, refuseTaken } from '../../src/lease/refuse-dirty.ts';
import {
  clearLease,
  dropLease,
  endLease,
  parkLease,
  takeLease,
} from '../../src/lease/take-lease.ts';
import { aborted } from '../../src/aborted.ts';
import { held } from '../../src/held.ts';
import { claim, openRoom, watching } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
const never = new AbortController().signal;

beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room?.close());
beforeEach(() => room.empty());

describe('whoever wants the lease of another', () => {
  it('is refused by name while that one renews', async () => {
    await takeLease(room.site, claim('a1'));
    const kept = await keepLease(room.site, 'a1', never);
    const refusal = { code: 'ENVIRONMENT_BUSY', why: expect.stringContaining('from host-a1') };
    await expect(awaitDeath(room.site, watching('b'))).rejects.toMatchObject(refusal);
    await expect(refuseDirty(room.site, 'b')).rejects.toMatchObject(refusal);
    kept.release();
  });

  it('gets it once it has run out, and the one that wakes up finds that it may not write', async () => {
    await takeLease(room.site, claim('a2'));
    await room.begins('a2', 'services');
    const began = performance.now();
    await awaitDeath(room.site, watching('b'));
    expect(performance.now() - began).toBeGreaterThan(5000);
    await expect(takeLease(room.site, claim('b'))).rejects.toMatchObject({
      code: 'ENVIRONMENT_DIRTY',
    });
    await takeLease(room.site, claim('b', { kind: 'reconcile', continues: 'a2' }));
    expect(await readMarker(room.site)).toMatchObject({
      dirty: 'a2',
      steps: ['services'],
      lease: { run: 'b', kind: 'reconcile' },
    });
    const lost = { code: 'LEASE_LOST', class: 'undo', why: expect.stringContaining('host-b') };
    await expect(keepLease(room.site, 'a2', never)).rejects.toMatchObject(lost);
    await expect(room.begins('a2')).rejects.toMatchObject(lost);
    await clearLease(room.site, 'a2');
    expect((await readMarker(room.site))?.lease?.run).toBe('b');
    await clearLease(room.site, 'b');
    expect(await readLease(room.site)).toBeUndefined();
  });

  it('a holder that was called dead is interrupted, though nobody has taken its place yet', async () => {
    await takeLease(room.site, claim('a3'));
    const kept = await keepLease(room.site, 'a3', never);
    await room.google.call('PATCH', room.path, {
      metadata: { 'windlass-lease': 'ended', 'windlass-by': 'the run b' },
    });
    await aborted(kept.ended);
    expect(kept.reason()).toMatchObject({
      code: 'LEASE_LOST',
      why: expect.stringContaining('the run b'),
    });
    kept.release();
  });

  it('may wait for one that its own Temporal knows to be over', async () => {
    await takeLease(room.site, claim('a4'));
    await room.begins('a4');
    const kept = await keepLease(room.site, 'a4', never);
    const waiting = held(awaitDeath(room.site, watching('b', true)));
    await endLease(room.site, 'a4', 'Temporal');
    kept.release();
    expect(await waiting).toMatchObject({ state: 'ended' });
  });

  it('never sees a parked one run out; only a reconciliation ends it', async () => {
    await takeLease(room.site, claim('a5'));
    await room.begins('a5');
    await parkLease(room.site, 'a5');
    await expect(refuseTaken(room.site, watching('b'))).rejects.toMatchObject({
      code: 'ENVIRONMENT_BUSY',
      why: expect.stringContaining('parked at foundation'),
    });
    await expect(takeLease(room.site, claim('b', { continues: 'a5' }))).rejects.toMatchObject({
      code: 'ENVIRONMENT_BUSY',
    });
    await endParked(room.site, 'b');
    await takeLease(room.site, claim('b', { continues: 'a5' }));
    await expect(takeLease(room.site, claim('a5'))).rejects.toMatchObject({
      code: 'ENVIRONMENT_BUSY',
    });
  });

  it('a parked run goes on with its own', async () => {
    await takeLease(room.site, claim('a6'));
    await parkLease(room.site, 'a6');
    await takeLease(room.site, claim('a6'));
    expect(await readLease(room.site)).toMatchObject({ state: 'held' });
  });

  it('finds nothing where the run before began nothing', async () => {
    await takeLease(room.site, claim('a7'));
    await dropLease(room.site, 'a7');
    expect(await readLease(room.site)).toBeUndefined();
  });
});
