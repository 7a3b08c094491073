import { ensureBucket } from '../gcp/buckets.ts';
import type { EnsuredBucket } from '../gcp/buckets.ts';
import { checkSite } from '../site-check.ts';
import type { Site } from '../site.ts';

/** The two buckets that are made outside Terraform, after a look whether this is the right place. */
export async function ensureBuckets(site: Site): Promise<readonly EnsuredBucket[]> {
  await checkSite(site);
  const { google, stateBucket, releaseBucket, environment } = site;
  const vault = { ...google, project: environment.backup.project ?? google.project };
  return Promise.all([ensureBucket(google, stateBucket), ensureBucket(vault, releaseBucket)]);
}
