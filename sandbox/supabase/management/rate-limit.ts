/** What is left of a minute's budget after this call. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

// Per token, per project or organization and per endpoint (Supabase's API rate limits).
const CALLS_PER_MINUTE = 120;
const MINUTE_MS = 60_000;

/** Counts calls per key in windows of a minute; who is over waits until the window ends. */
export function rateLimit(limit = CALLS_PER_MINUTE): (key: string, now: number) => Budget {
  const windows = new Map<string, { endsAt: number; used: number }>();
  return (key, now) => {
    const known = windows.get(key);
    const window = known && known.endsAt > now ? known : { endsAt: now + MINUTE_MS, used: 0 };
    window.used += 1;
    windows.set(key, window);
    return {
      limit,
      remaining: Math.max(0, limit - window.used),
      resetSeconds: Math.ceil((window.endsAt - now) / 1000),
      exceeded: window.used > limit,
    };
  };
}
