import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Waiting } from './access.ts';

/** Calls that Supabase takes in a minute, per token, project and endpoint (its API rate limits). */
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

/** What is called, and how. */
export interface Called {
  readonly method: string;
  readonly path: string;
}

/** Waits until the token's budget for this endpoint has room for one more call, and takes it. */
export async function takeTurn(
  call: Called & { readonly api: string; readonly token: string },
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

/** The endpoint that a call counts for; each project has its own. */
export function endpointOf({ method, path }: Called): string {
  return `${method} ${path.replace(/\?.*$/, '')}`;
}

/** The token itself is not kept. */
function keyOf({ api, token, ...call }: Parameters<typeof takeTurn>[0]): string {
  return createHash('sha256')
    .update(`${api} ${endpointOf(call)} ${token}`)
    .digest('hex');
}
