import { z } from 'zod';
import type { Deploy } from '../deploy.ts';
import { emptyAndDeleteBucket } from '../gcp/delete-bucket.ts';
import { listObjects } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { removeNewServices } from '../stacks/remove-services.ts';
import { restoreStack } from '../stacks/restore-stack.ts';
import { callSupabase } from '../supabase/client.ts';
import { findProject } from '../supabase/project.ts';
import type { Watch } from '../terraform/supervise.ts';
import { findRelease } from '../releases/store.ts';

/** Takes a scratch environment away whole, whatever of it there is; safe to run twice. */
export async function destroyScratch(
  site: Site,
  d: Deploy,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  await removeNewServices(site, {});
  const releases = await listObjects(site.google, site.releaseBucket, 'releases/').catch(() => []);
  const newest = releases.at(-1)?.name.replace(/^releases\/|\.tar$/g, '');
  if (newest !== undefined) {
    const bundle = await findRelease(site, newest);
    await restoreStack(site, { ...d, bundle, previous: null }, '10-foundation', watch);
  }
  await deleteProject(site);
  for (const bucket of [site.stateBucket, site.releaseBucket])
    await emptyAndDeleteBucket(site.google, bucket);
}

async function deleteProject(site: Site): Promise<void> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return;
  const path = `/projects/${project.ref}`;
  const action = `delete the scratch project ${name}`;
  await callSupabase(site.supabase, { action, method: 'DELETE', path, answer: z.unknown() });
}
