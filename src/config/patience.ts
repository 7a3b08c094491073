import { z } from 'zod';

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const longest = 365 * units.d;

/** Seconds, written as 90s, 30m, 24h or 7d; a number counts as seconds. */
export const Patience = z
  .union([z.int().min(1), z.string().regex(/^[1-9]\d*[smhd]$/, 'such as 90s, 30m, 24h or 7d')])
  .transform((value) => {
    if (typeof value === 'number') return value;
    const unit = z.enum(['s', 'm', 'h', 'd']).parse(value.slice(-1));
    return Number(value.slice(0, -1)) * units[unit];
  })
  .refine((seconds) => seconds <= longest, 'at most 365d')
  .describe('how long a plan waits for its approval: 90s, 30m, 24h, 7d');
