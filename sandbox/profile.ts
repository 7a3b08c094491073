import { z } from 'zod';
import type { Collection } from './collection.ts';

const Waits = z.object({
  name: z.enum(['zero', 'cloud']),
  iamSpreadMs: z.number().nonnegative(),
  iamJitterMs: z.number().nonnegative(),
  apiSpreadMs: z.number().nonnegative(),
  revisionMs: z.number().nonnegative(),
  revisionJitterMs: z.number().nonnegative(),
  supabaseMs: z.number().nonnegative(),
  errorRate: z.number().min(0).max(1),
  seed: z.number().int(),
});

/** How slow and how flaky the sandbox is; times in milliseconds, `errorRate` from 0 to 1. */
export const Profile = Waits.extend({
  apiSpreadMs: Waits.shape.apiSpreadMs.default(0), // earlier worlds kept none
});
export type Profile = z.infer<typeof Profile>;

/** What `PUT /_sandbox/profile` accepts: a name, then single values that differ from it. */
export const ProfileChange = Waits.partial().required({ name: true });
export type ProfileChange = z.infer<typeof ProfileChange>;

const quiet = {
  iamJitterMs: 0,
  apiSpreadMs: 0,
  revisionMs: 0,
  revisionJitterMs: 0,
  supabaseMs: 0,
  errorRate: 0,
};

/** `zero`: as fast as processes start. `cloud`: the waits that Google's and Supabase's pages name. */
export const profiles: Readonly<Record<Profile['name'], Profile>> = {
  zero: { name: 'zero', iamSpreadMs: 300, ...quiet, seed: 1 },
  cloud: {
    name: 'cloud',
    iamSpreadMs: 120_000,
    iamJitterMs: 20_000,
    apiSpreadMs: 60_000,
    revisionMs: 30_000,
    revisionJitterMs: 10_000,
    supabaseMs: 120_000,
    errorRate: 0.01,
    seed: 1,
  },
};

/** Reads and changes the profile; `chance` is a seeded number from 0 to 1, `jitter` from -1 to 1. */
export interface ProfileAccess {
  get(): Profile;
  set(change: ProfileChange): Profile;
  chance(): number;
  jitter(): number;
}

/** The profile kept in a collection; a world without one is `zero`. */
export function profileAccess(kept: Collection<Profile>): ProfileAccess {
  const get = (): Profile => kept.get('profile') ?? profiles.zero;
  let chance = seeded(get().seed);
  return {
    get,
    set(change) {
      const profile = Profile.parse({ ...profiles[change.name], ...change });
      kept.set('profile', profile);
      chance = seeded(profile.seed);
      return profile;
    },
    chance: () => chance(),
    jitter: () => chance() * 2 - 1,
  };
}

// Mulberry32: small, well spread, and the same on every machine.
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
