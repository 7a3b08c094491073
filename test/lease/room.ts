import { leaseRef, readLease } from '../../src/lease/read-lease.ts';
import { markDirty } from '../../src/lease/take-lease.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';

/** Two clouds with a lease in them, renewed every half second, run out after five. */
export async function openRoom() {
  const before = process.env['WINDLASS_LEASE'];
  process.env['WINDLASS_LEASE'] = '0.5/3/5';
  const clouds = await openTwoClouds();
  const { bucket, name } = leaseRef(clouds.site);
  const path = `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  return {
    ...clouds,
    /** The lease object, by Google's API. */
    path,
    empty: async (): Promise<void> => {
      const lease = await readLease(clouds.site).catch(() => 'unreadable');
      if (lease) await clouds.google.call('DELETE', path);
    },
    begins: (runId: string, step = 'foundation') =>
      markDirty(clouds.site, {
        ...{ runId, kind: 'deploy', actor: 'x', step, receipts: { supabaseRef: runId } },
        facts: { approvedBy: 'auto' },
      }),
    close: async (): Promise<void> => {
      if (before === undefined) delete process.env['WINDLASS_LEASE'];
      else process.env['WINDLASS_LEASE'] = before;
      await clouds.close();
    },
  };
}
export type Room = Awaited<ReturnType<typeof openRoom>>;

/** A run that wants the environment. */
export const claim = (runId: string, more: object = {}) => ({
  ...{ runId, kind: 'deploy', actor: `actor of ${runId}`, host: `host-${runId}`, release: 'r-1' },
  ...more,
});

/** How a run watches another. */
export const watching = (runId: string, closed = false) => ({
  ...{ runId, closed: () => Promise.resolve(closed), beat: () => undefined },
  signal: new AbortController().signal,
});
