import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { beat, interruptionOf } from '../../activities/interruption.ts';

// As SIGSTOP does it to a worker: nothing of this thread runs.
const standStill = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('ends an attempt that stood still for longer than a heartbeat may take, and leaves terraform alone', async () => {
  const seen: string[] = [];
  const never = new Promise<never>(() => undefined);
  const { cancelled, leaving, stale, reason } = interruptionOf({ cancelled: never });
  leaving.addEventListener('abort', () => seen.push(`leave, cancelled: ${cancelled.aborted}`));
  cancelled.addEventListener('abort', () => seen.push('cancelled'));
  const context = { heartbeat: () => void seen.push('beat') };
  const beating = beat(context, () => 'working', stale);
  standStill(10_500);
  while (!cancelled.aborted) await pause(10);
  beating.stop();
  expect(seen.slice(0, 2)).toEqual(['leave, cancelled: false', 'cancelled']);
  expect(reason()).toMatchObject({ type: 'WORKER_STOOD_STILL', nonRetryable: false });
});

it('beats on while nothing is wrong', async () => {
  const seen: string[] = [];
  const context = { heartbeat: (details: unknown) => void seen.push(String(details)) };
  const beating = beat(
    context,
    () => 'working',
    () => seen.push('stale'),
  );
  while (seen.length === 0) await pause(20);
  beating.stop();
  expect(seen).toEqual(['working']);
});
