import { z } from 'zod';
import { releaseBucketOf } from '../../release-bucket.ts';
import type { Site } from '../../site.ts';
import type { ShelfAddress } from '../../site-address.ts';

/** Where an environment keeps the code of its runs. */
export function shelfAddressOf({
  environment,
  config,
}: Pick<Site, 'environment' | 'config'>): ShelfAddress {
  const { target, project } = environment;
  return { target, project, region: config.region, bucket: releaseBucketOf(environment) };
}

/** The same as it comes back from a run's memo; undefined where the run names none. */
export function shelfAddressIn(memo: unknown): ShelfAddress | undefined {
  return Shape.safeParse(memo).data;
}

const Shape: z.ZodType<ShelfAddress> = z.object({
  target: z.enum(['sandbox', 'cloud']),
  project: z.string(),
  region: z.string(),
  bucket: z.string(),
});
