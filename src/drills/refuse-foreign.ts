import { shortName } from '../gcp/run-service.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { DrillClaim } from './drill-claim.ts';
import type { Thing } from './what-is-left.ts';

/** The label of a drill's buckets; its value is the claim's id. */
export const claimLabel = 'windlass-drill';

/** Throws where a scratch place holds anything that no drill of this environment made. */
export function refuseForeign(
  scratch: Pick<Site, 'name' | 'environment'>,
  claim: DrillClaim | undefined,
  things: readonly Thing[],
): void {
  const foreign = things.filter((thing) => !isOwn(scratch, claim, thing));
  if (foreign.length === 0) return;
  const lines = foreign.map(lineOf);
  const { project, supabase } = scratch.environment;
  throw new Failure({
    code: 'DRILL_PLACE_OCCUPIED',
    what: `Nothing was deleted: ${project} contains resources that no drill of this environment created`,
    why: `${lines.join(', ')}: ${claim ? `not marked by the drill ${claim.id}` : 'no drill has claimed this project'}`,
    fix: `Name an empty Google project as \`drillProject\`. Only if all of it is left from an older drill, delete the project ${project} and the Supabase project ${supabase.project} by hand.`,
  });
}

/** Whether the drill that made the claim made this too. */
function isOwn(
  scratch: Pick<Site, 'name' | 'environment'>,
  claim: DrillClaim | undefined,
  { kind, labels, createdAt }: Thing,
): boolean {
  if (claim?.project !== scratch.environment.project) return false;
  if (createdAt !== undefined && Date.parse(createdAt) < Date.parse(claim.at) - clockMs)
    return false; // whatever it is labelled: it was there before the place was claimed
  switch (kind) {
    case 'bucket':
      return labels[claimLabel] === claim.id;
    case 'supabase':
      return claim.supabaseRef !== undefined && labels['ref'] === claim.supabaseRef;
    case 'account':
      return true; // has no labels: none was there at the claim, and the drill's own state ends it
    default:
      return labels['managed-by'] === 'windlass' && labels['environment'] === scratch.name;
  }
}

/** By how much this machine's clock may be ahead of a cloud's. */
const clockMs = 10 * 60_000;

/** What a person reads of a thing. */
export function lineOf({ kind, name, labels, holds }: Thing): string {
  const short = shortName(name);
  if (kind === 'supabase') return `Supabase project ${name} (${labels['ref']})`;
  if (kind === 'bucket') return `bucket ${short}${holds === undefined ? '' : ` (${holds})`}`;
  const environment = labels['environment'];
  return `${kind} ${short}${environment === undefined ? '' : ` of ${environment}`}`;
}
