import { z } from 'zod';
import { Failure } from '../failure.ts';

/** How long what takes, in milliseconds. */
export interface LeaseDurations {
  /** Between two renewals. */
  readonly renewMs: number;
  /** A holder that could not renew for so long interrupts what it does. */
  readonly staleMs: number;
  /** Whoever sees no renewal for so long, by its own watch, may call the holder dead. */
  readonly expiryMs: number;
}

const Seconds = z
  .string()
  .regex(/^\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/)
  .transform((text) => text.split('/').map((part) => Number(part) * 1000));

/**
 * 20, 60 and 120 s: a holder has stopped a minute before anybody may take its place, and GCS takes
 * one change of an object's metadata a second. `WINDLASS_LEASE=RENEW/STALE/EXPIRY` in seconds.
 */
export function leaseDurations(text = process.env['WINDLASS_LEASE']): LeaseDurations {
  const parsed = Seconds.safeParse(text ?? '20/60/120');
  const [renewMs = 0, staleMs = 0, expiryMs = 0] = parsed.data ?? [];
  if (renewMs > 0 && staleMs >= 2 * renewMs && expiryMs >= 1.5 * staleMs)
    return { renewMs, staleMs, expiryMs };
  throw new Failure({
    code: 'CONFIG_INVALID',
    what: `Invalid WINDLASS_LEASE: ${text ?? ''}`,
    why: 'it holds three numbers of seconds: to renew, to stop after, to expire after; each well above the one before',
    fix: 'Remove the variable, or write it as 20/60/120.',
  });
}
