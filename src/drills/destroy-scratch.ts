import { shortName } from '../gcp/run-service.ts';
import { z } from 'zod';
import type { Deploy } from '../deploy.ts';
import { emptyAndDeleteBucket } from '../gcp/delete-bucket.ts';
import { listObjects } from '../gcp/objects.ts';
import { deleteSecret } from '../gcp/secret-container.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import type { Site } from '../site.ts';
import { removeNewServices } from '../stacks/remove-services.ts';
import { restoreStack } from '../stacks/restore-stack.ts';
import { callSupabase } from '../supabase/client.ts';
import { readProject } from '../supabase/project.ts';
import type { Watch } from '../terraform/supervise.ts';
import { findRelease } from '../releases/store.ts';
import type { DrillClaim } from './drill-claim.ts';
import { claimLabel, refuseForeign } from './refuse-foreign.ts';
import { thingOfProject, thingsOf } from './what-is-left.ts';

/**
 * Takes a scratch environment away whole, whatever of it there is; safe to run twice. Where anything
 * is there that the claim's drill did not make, nothing is deleted, and it is named.
 */
export async function destroyScratch(
  site: Site,
  claim: DrillClaim | undefined,
  d: Deploy,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  const things = await thingsOf(site);
  refuseForeign(site, claim, things);
  if (things.length === 0) return;
  await removeNewServices(site, {});
  const listing = listObjects(site.google, site.releaseBucket, 'releases/');
  const newest = (await unlessMissing(listing))?.at(-1)?.name.replace(/^releases\/|\.tar$/g, '');
  if (newest !== undefined) {
    const bundle = await findRelease(site, newest);
    await restoreStack(site, { ...d, bundle, previous: null }, '10-foundation', watch);
  }
  // No stack holds those that a person fills; what came since the proof above is not touched.
  const labels = { 'managed-by': 'windlass', environment: site.name };
  for (const { kind, name } of things)
    if (kind === 'secret') await deleteSecret(site.google, { secret: shortName(name), labels });
  if (things.some(({ kind }) => kind === 'supabase')) await deleteProject(site, claim);
  for (const bucket of [site.stateBucket, site.releaseBucket])
    await emptyAndDeleteBucket(site.google, bucket, { [claimLabel]: claim?.id ?? '' });
}

/** By its ref, never by its name: Supabase does not keep names unique. */
async function deleteProject(site: Site, claim: DrillClaim | undefined): Promise<void> {
  if (claim?.supabaseRef === undefined) return;
  const project = await readProject(site.supabase, claim.supabaseRef);
  refuseForeign(site, claim, [thingOfProject(project)]);
  const path = `/projects/${claim.supabaseRef}`;
  const action = `delete the scratch project ${site.environment.supabase.project}`;
  await callSupabase(site.supabase, { action, method: 'DELETE', path, answer: z.unknown() });
}
