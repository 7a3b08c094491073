import { ensureBucket } from '../gcp/buckets.ts';
import type { Site } from '../site.ts';

/** The two buckets that are made outside Terraform: its state, and everything written once. */
export async function ensureBuckets(site: Site): Promise<void> {
  await Promise.all(
    [site.stateBucket, site.releaseBucket].map((name) => ensureBucket(site.google, name)),
  );
}
