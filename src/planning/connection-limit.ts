import { z } from 'zod';

/** How many connections the services may open in all. */
export interface ConnectionLimit {
  /** `max_connections`. */
  readonly max: number;
  /** What Postgres keeps back for superusers and reserved roles. */
  readonly reserved: number;
  /** What the platform itself and Windlass take. */
  readonly platform: number;
  /** What is left for the services. */
  readonly usable: number;
  /** There is no database of the environment to ask yet. */
  readonly assumed: boolean;
}

// Supabase's guide "Connection management": up to 80 % may be committed, the rest is for Auth, the
// REST door and its other services; the few sessions of a deploy come out of it as well.
const platformShare = 0.2;

/** What `max_connections` leaves to the services. */
export function limitOf(of: Pick<ConnectionLimit, 'max' | 'reserved'>): ConnectionLimit {
  const { max, reserved } = of;
  const platform = Math.ceil(max * platformShare);
  const usable = Math.max(0, max - reserved - platform);
  return { max, reserved, platform, usable, assumed: false };
}

/**
 * The limit of a project that does not exist yet: 60 direct connections of the Micro compute, which
 * Supabase gives where no size is asked for (its guide "Compute and disk"), 3 of them reserved.
 */
export const assumedLimit: ConnectionLimit = {
  ...limitOf({ max: 60, reserved: 3 }),
  assumed: true,
};

// `reserved_connections` exists since Postgres 16.
const limitQuery = `
  select current_setting('max_connections')::int as max,
    current_setting('superuser_reserved_connections')::int
      + coalesce(current_setting('reserved_connections', true)::int, 0) as reserved`;

/** The limit as the server states it; `ask` runs a statement that reads, and needs no rights. */
export async function readConnectionLimit(
  ask: (query: string) => Promise<readonly unknown[]>,
): Promise<ConnectionLimit> {
  const [row] = await ask(limitQuery);
  return limitOf(Row.parse(row));
}

const Row = z.object({ max: z.int(), reserved: z.int() });
