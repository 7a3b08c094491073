import { ensureBucket } from '../gcp/buckets.ts';
import type { EnsuredBucket } from '../gcp/buckets.ts';
import { checkSite } from '../site-check.ts';
import type { Site } from '../site.ts';

/** The two buckets that are made outside Terraform, after a look whether this is the right place. */
export async function ensureBuckets(site: Site): Promise<readonly EnsuredBucket[]> {
  await checkSite(site);
  const wanted = bucketsOf(site).map(({ name, project }) =>
    ensureBucket({ ...site.google, project }, name),
  );
  return Promise.all(wanted);
}

/** Each with the project that it lies in: that of the backups may have one of its own. */
export function bucketsOf({ google, stateBucket, releaseBucket, environment }: Site) {
  return [
    { name: stateBucket, project: google.project },
    { name: releaseBucket, project: environment.backup.project ?? google.project },
  ] as const;
}
