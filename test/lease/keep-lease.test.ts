import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { behindFence } from '../../src/lease/fence.ts';
import { keepLease } from '../../src/lease/keep-lease.ts';
import { readLease, readMarker } from '../../src/lease/read-lease.ts';
import { endLease, takeLease } from '../../src/lease/take-lease.ts';
import { putOnce, readObject } from '../../src/gcp/objects.ts';
import { aborted } from '../../src/aborted.ts';
import { held } from '../../src/held.ts';
import { holdLease } from '../../activities/lease.ts';
import { awaitDeath } from '../../src/lease/await-death.ts';
import { claim, openRoom, watching } from './room.ts';
import type { Room } from './room.ts';

let room: Room;
const never = new AbortController().signal;

beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room?.close());
beforeEach(() => room.empty());

describe('a lease', () => {
  it('is taken by one of many who want it at once; the others are told who has it', async () => {
    const runs = Array.from({ length: 8 }, (_, n) => `run-${n}`);
    const taken = await Promise.allSettled(runs.map((run) => takeLease(room.site, claim(run))));
    const lost = taken.filter((one) => one.status === 'rejected');
    expect(lost).toHaveLength(7);
    const holder = (await readMarker(room.site))?.lease;
    for (const one of lost)
      expect(one.reason).toMatchObject({
        code: 'ENVIRONMENT_BUSY',
        why: expect.stringMatching(
          new RegExp(
            `${holder?.actor} started the deploy ${holder?.run} of r-1 from ${holder?.host} at \\d{4}`,
          ),
        ),
      });
    await endLease(room.site, holder?.run ?? '', 'a test');
  });

  it('is renewed without a new version of the object, and by all who need it together', async () => {
    await takeLease(room.site, claim('a2'));
    const before = await readLease(room.site);
    const [one, two] = await Promise.all([
      keepLease(room.site, 'a2', never),
      keepLease(room.site, 'a2', never),
    ]);
    one.release();
    const renewals = async () =>
      Number((await readLease(room.site))?.metageneration) - Number(before?.metageneration);
    await expect.poll(renewals, { timeout: 30_000 }).toBeGreaterThan(4);
    expect(await readLease(room.site)).toMatchObject({ generation: before?.generation });
    two.release();
  });

  it('goes on through the marks of its own steps, and keeps what they say', async () => {
    await takeLease(room.site, claim('a3'));
    const kept = await keepLease(room.site, 'a3', never);
    for (const step of ['bind', 'foundation', 'supabase']) {
      await room.begins('a3', step);
      const { generation } = (await readLease(room.site)) ?? {};
      const renewed = async () => {
        const now = await readLease(room.site);
        return now?.generation === generation && Number(now?.metageneration) > 1;
      };
      await expect.poll(renewed, { timeout: 30_000 }).toBe(true);
    }
    expect(kept.ended.aborted).toBe(false);
    expect(await readMarker(room.site)).toMatchObject({
      steps: ['bind', 'foundation', 'supabase'],
      receipts: { supabaseRef: 'a3' },
      lease: { run: 'a3', host: 'host-a3' },
    });
    kept.release();
  });

  it('that cannot be renewed stops its holder, who goes on once it can', async () => {
    await takeLease(room.site, claim('a4'));
    const kept = await keepLease(room.site, 'a4', never);
    await behindFence(kept, () => putOnce(room.site.google, writable('before'), Buffer.from('1')));
    const fault = { method: 'PATCH', pathPattern: '/o/environment.json', status: 503 };
    await room.google.call('PUT', '/_sandbox/faults/http', fault);
    await aborted(kept.ended);
    expect(kept.reason()).toMatchObject({ code: 'LEASE_STALE', class: 'retry' });
    const write = behindFence(kept, () =>
      putOnce(room.site.google, writable('during'), Buffer.from('1')),
    );
    await expect(write).rejects.toMatchObject({ code: 'LEASE_STALE' });
    const waiting = held(keepLease(room.site, 'a4', never));
    await room.google.call('DELETE', '/_sandbox/faults/http');
    const again = await waiting;
    expect(again.ended.aborted).toBe(false);
    await behindFence(again, () => putOnce(room.site.google, writable('after'), Buffer.from('1')));
    expect(await readObject(room.site.google, writable('during'))).toBeUndefined();
    again.release();
    kept.release();
  });

  it('holds back the very next write of a process that slept through it', async () => {
    await takeLease(room.site, claim('a5'));
    const kept = await keepLease(room.site, 'a5', never);
    // What a SIGSTOP does: no timer runs until the next write is on its way.
    const until = Date.now() + 3100;
    while (Date.now() < until);
    expect(() => kept.assertFresh()).toThrow(expect.objectContaining({ code: 'LEASE_STALE' }));
    kept.release();
  });
});

describe('the activity that holds it', () => {
  const holding = async (run: string) => {
    const [stop, leave] = [new AbortController(), new AbortController()];
    await takeLease(room.site, claim(run));
    const work = { ...room.work(), signal: stop.signal, leave: leave.signal };
    const d = { environment: 'production', actor: 'x', runId: run, approval: 'auto' } as const;
    const metageneration = async () => Number((await readLease(room.site))?.metageneration);
    const activity = held(holdLease(d, work));
    await expect.poll(metageneration, { timeout: 30_000 }).toBeGreaterThan(2);
    return { stop, leave, activity };
  };

  it('ends as retryable where its worker goes away, and leaves the lease as it is', async () => {
    const { leave, activity } = await holding('a6');
    leave.abort(new Error('WORKER_SHUTDOWN'));
    await expect(activity).rejects.toThrow('WORKER_SHUTDOWN');
    expect(await readLease(room.site)).toMatchObject({ state: 'held' });
  });

  it('ends with its run, and gives the lease of a terminated one up', async () => {
    const { stop, activity } = await holding('a7');
    stop.abort(new Error('NOT_FOUND'));
    await activity;
    expect(await readLease(room.site)).toMatchObject({ state: 'ended' });
  });

  it('goes on once the bucket answers again', async () => {
    const { stop, activity } = await holding('a8');
    const fault = { method: 'PATCH', pathPattern: '/o/environment.json', status: 503 };
    await room.google.call('PUT', '/_sandbox/faults/http', fault);
    const watch = held(awaitDeath(room.site, watching('b8'))); // would call it dead after five seconds
    const kept = await keepLease(room.site, 'a8', never);
    await aborted(kept.ended);
    kept.release();
    await room.google.call('DELETE', '/_sandbox/faults/http');
    await expect(watch).rejects.toMatchObject({ code: 'ENVIRONMENT_BUSY' });
    stop.abort(new Error('CANCELLED'));
    await activity;
  });
});

function writable(name: string) {
  return { bucket: room.site.releaseBucket, name: `test/${name}` };
}
