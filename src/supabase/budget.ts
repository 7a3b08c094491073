import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Waiting } from './access.ts';

/** Calls that Supabase takes in a minute, per token and per project (Management API, rate limits). */
const callsPerMinute = 120;
const minuteMs = 60_000;

const spent = new Map<string, readonly number[]>();

/** Milliseconds that a call at `now` must wait so that no minute ever sees more than the limit. */
export function pauseBefore(
  calls: readonly number[],
  now: number,
  { limit, windowMs }: { readonly limit: number; readonly windowMs: number },
): number {
  const recent = calls.filter((at) => at > now - windowMs);
  const oldest = recent[recent.length - limit];
  return oldest === undefined ? 0 : oldest + windowMs - now;
}

/** Waits until the token's budget for this path has room for one more call, and takes it. */
export async function takeTurn(
  call: { readonly api: string; readonly token: string; readonly path: string },
  { signal }: Waiting = {},
): Promise<void> {
  const key = keyOf(call);
  for (;;) {
    const now = Date.now();
    const calls = (spent.get(key) ?? []).filter((at) => at > now - minuteMs);
    const pause = pauseBefore(calls, now, { limit: callsPerMinute, windowMs: minuteMs });
    if (pause === 0) {
      spent.set(key, [...calls, now]);
      return;
    }
    await sleep(pause, undefined, signal ? { signal } : {});
  }
}

/** A token's calls to one project count together; the token itself is not kept. */
function keyOf({ api, token, path }: { api: string; token: string; path: string }): string {
  const project = /^\/projects\/([a-z]{20})(?=[/?]|$)/.exec(path)?.[1] ?? '';
  return createHash('sha256').update(`${api} ${project} ${token}`).digest('hex');
}
