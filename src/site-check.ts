import { Failure } from './failure.ts';
import { bucketOwner, readGoogleProject } from './gcp/project.ts';
import type { Site } from './site.ts';
import { openOrganizations } from './supabase/organization.ts';

/**
 * Refuses, before anything is touched, credentials that are not this environment's: the project
 * must be the declared one, its buckets its own, the account no other environment's, and the
 * Supabase organization open to the token.
 */
export async function checkSite(site: Site, signal?: AbortSignal): Promise<void> {
  await Promise.all([checkAccount(site), checkGoogle(site, signal), checkSupabase(site, signal)]);
}

async function checkGoogle(site: Site, signal?: AbortSignal): Promise<void> {
  const { project } = site.environment;
  const found = await readGoogleProject(site.google, { signal }).catch((error: unknown) => {
    if (!(error instanceof Failure) || !unseen.has(error.code)) throw error;
    throw disagrees(site, `the credential cannot see the Google project ${project}`, error.why);
  });
  if (found.projectId !== project || found.lifecycleState !== 'ACTIVE')
    throw disagrees(
      site,
      `the Google project ${project} cannot be used`,
      `Google answers with ${found.projectId}, ${found.lifecycleState}`,
    );
  const number = found.projectNumber;
  await Promise.all([
    checkBucket(site, { bucket: site.stateBucket, number }, signal),
    checkReleaseBucket(site, number, signal),
  ]);
}

/** The bucket of the backups may lie in a project of its own, which outlives the environment's. */
async function checkReleaseBucket(site: Site, own: string, signal?: AbortSignal): Promise<void> {
  const { project } = site.environment.backup;
  const vault = { ...site.google, project: project ?? '' };
  const number = project ? (await readGoogleProject(vault, { signal })).projectNumber : own;
  await checkBucket(site, { bucket: site.releaseBucket, number }, signal);
}

const unseen = new Set(['GOOGLE_DENIED', 'GOOGLE_NOT_FOUND']);

async function checkBucket(
  site: Site,
  { bucket, number }: { readonly bucket: string; readonly number: string },
  signal?: AbortSignal,
): Promise<void> {
  const owner = await bucketOwner(site.google, bucket, { signal });
  if (owner === undefined || owner === number) return;
  throw disagrees(
    site,
    `the bucket ${bucket} belongs to another project`,
    `its owner is project number ${owner}, not ${number}`,
  );
}

async function checkAccount({ google, ...site }: Site): Promise<void> {
  const email = await google.account?.();
  const home = /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email ?? '')?.[1];
  const owner = Object.entries(site.config.environments).find(
    ([name, { project }]) => name !== site.name && project === home,
  );
  if (owner)
    throw disagrees(
      site,
      `the credential is ${owner[0]}'s`,
      `${email ?? ''} is an account of the project ${home ?? ''}`,
    );
}

async function checkSupabase(site: Site, signal?: AbortSignal): Promise<void> {
  const { organization } = site.environment.supabase;
  const open = await openOrganizations(site.supabase, { signal });
  if (open.includes(organization)) return;
  throw disagrees(
    site,
    `the access token has no access to the Supabase organization ${organization}`,
    `it has access to ${open.join(', ') || 'none'}`,
  );
}

function disagrees(site: Pick<Site, 'name'>, what: string, why: string): Failure {
  return new Failure({
    code: 'ENVIRONMENT_DISAGREES',
    what: `Nothing was started in ${site.name}: ${what}`,
    why,
    fix: `Use ${site.name}'s own credentials, or fix its entry in windlass.yaml.`,
  });
}
