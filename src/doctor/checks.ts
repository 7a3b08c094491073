import type { Site } from '../site.ts';
import type { Check } from './examine.ts';
import { googleChecks } from './google-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { supabaseChecks } from './supabase-checks.ts';
import { temporalChecks } from './temporal-checks.ts';

/** All that a first deploy of this environment could fail by, from this machine outwards. */
export function checksOf(site: Site): readonly Check[] {
  return [
    ...machineChecks(site),
    ...temporalChecks(site),
    ...googleChecks(site),
    ...supabaseChecks(site),
  ];
}
