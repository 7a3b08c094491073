import { ensureBucket } from '../gcp/buckets.ts';
import { checkSite } from '../site-check.ts';
import type { Site } from '../site.ts';

/** The two buckets that are made outside Terraform, after a look whether this is the right place. */
export async function ensureBuckets(site: Site): Promise<void> {
  await checkSite(site);
  await Promise.all(
    [site.stateBucket, site.releaseBucket].map((name) => ensureBucket(site.google, name)),
  );
}
