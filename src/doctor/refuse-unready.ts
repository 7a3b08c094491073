import type { Site } from '../site.ts';
import { checksOf } from './checks.ts';
import { refuseMissing } from './refuse-missing.ts';

/**
 * Before the first run of an environment makes anything: refuses what the clouds would refuse in the
 * middle of it. What cannot be asked is left to the run, which names it more exactly.
 */
export async function refuseUnready(site: Site): Promise<void> {
  return refuseMissing(
    site,
    checksOf(site).filter(({ id }) => early.has(id)),
  );
}

/** What no other refusal before the first change sees. */
const early = new Set(['clock', 'google apis', 'google roles', 'supabase project', 'database']);
