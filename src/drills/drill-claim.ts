import { z } from 'zod';
import { Failure } from '../failure.ts';
import { changeObject } from '../gcp/change-object.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';

const version = 1;
const patience = 5; // one drill writes it, so a lost race is another attempt of the same activity

/**
 * Says which place a drill has for its own. It was empty when the claim was written, so what carries
 * the claim's marks was made by that drill, and nothing else may be deleted there.
 */
export const DrillClaim = z.object({
  version: z.literal(version),
  id: z.string().describe('the drill that claims; a label of its buckets'),
  workflow: z.string(),
  project: z.string().describe('Google project'),
  at: z.iso.datetime(),
  supabaseRef: z.string().optional().describe('the Supabase project that the drill made'),
});
export type DrillClaim = z.infer<typeof DrillClaim>;

/** The claim of an environment's drills, kept in that environment's own bucket. */
export async function readClaim(site: Site): Promise<DrillClaim | undefined> {
  const content = await readObject(site.google, ref(site));
  return content && parsed(content);
}

/** Claims an empty place; an older claim is replaced. */
export async function writeClaim(site: Site, claim: DrillClaim): Promise<void> {
  await changeObject(site.google, ref(site), patience, () => bytes(claim));
}

/** Adds the Supabase project that stands under the drill's name now: none did when it claimed it. */
export async function claimSupabase(site: Site, supabaseRef: string): Promise<void> {
  await changeObject(site.google, ref(site), patience, (content) => {
    const claim = content && parsed(content);
    return claim && claim.supabaseRef === undefined ? bytes({ ...claim, supabaseRef }) : undefined;
  });
}

/** Nothing is left of the drill, so nothing is claimed. */
export async function dropClaim(site: Site): Promise<void> {
  await removeObject(site.google, ref(site));
}

function ref(site: Site) {
  return { bucket: site.releaseBucket, name: 'drill.json' };
}

function bytes(claim: DrillClaim): Buffer {
  return Buffer.from(`${JSON.stringify(claim, null, 2)}\n`);
}

function parsed(content: Buffer): DrillClaim {
  const read = z.object({ version: z.int() }).parse(JSON.parse(String(content)));
  if (read.version === version) return DrillClaim.parse(JSON.parse(String(content)));
  throw new Failure({
    code: 'DRILL_CLAIM_NEWER',
    what: `The claim of a drill is of version ${read.version}`,
    why: `this Windlass reads version ${version}: a newer one wrote it`,
    fix: 'Run the drill with that newer Windlass.',
  });
}
