// A worker: takes every parcel that has its label, round after round. It listens nowhere.

import { setTimeout as sleep } from 'node:timers/promises';
import { purchases } from './purchases.ts';

const version = '1.0.0';
const everyMs = 1000;
const end = new AbortController();
process.once('SIGTERM', () => end.abort());

/** One round; how many parcels it took. */
async function round(): Promise<number> {
  const parcels = await purchases('/parcels');
  if (!Array.isArray(parcels)) throw new Error('purchases names no parcels');
  // A trial looks only: what it would take is taken by the one that runs.
  if (process.env['WINDLASS_TRIAL']) return parcels.length;
  for (const { id } of parcels) await purchases(`/purchases/${id}/sent`, 'PUT', { by: version });
  return parcels.length;
}

if (process.env['WINDLASS_TRIAL']) {
  console.log(`${await round()} parcels wait`);
} else {
  while (!end.signal.aborted) {
    await round().catch((error: unknown) => console.error(String(error)));
    await sleep(everyMs, undefined, { signal: end.signal }).catch(() => undefined);
  }
}
