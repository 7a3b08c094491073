import type { Site } from '../site.ts';
import { readClaim } from './drill-claim.ts';
import { lineOf, refuseForeign } from './refuse-foreign.ts';
import { thingsOf } from './what-is-left.ts';

/** What a drill of an environment destroys, in words. */
export interface DrillLosses {
  /** What it makes itself and takes away again. */
  readonly own: readonly string[];
  /** What stands there now, by the marks of an earlier drill, and goes first. */
  readonly standing: readonly string[];
}

/** Looks at a drill's place and touches nothing; DRILL_PLACE_OCCUPIED where anything of another's is there. */
export async function foreseeDrill(site: Site, scratch: Site): Promise<DrillLosses> {
  const things = await thingsOf(scratch);
  refuseForeign(scratch, await readClaim(site), things);
  const { project, supabase } = scratch.environment;
  return {
    own: [
      `all services, secrets and accounts that it creates in ${project}`,
      `the buckets ${scratch.stateBucket} and ${scratch.releaseBucket}`,
      `the Supabase project ${supabase.project} of ${supabase.organization}`,
    ],
    standing: things.map(lineOf),
  };
}
