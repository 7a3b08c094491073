import { z } from 'zod';
import type { World } from '../../world.ts';
import { GoogleError } from '../http.ts';
import { bucketNamed, type Generation } from './records.ts';

const Policy = z.object({ retentionPeriod: z.coerce.number() });

/** Until when a bucket's retention policy keeps a generation; empty where it has none. */
export function retention(
  world: World,
  bucket: string,
  { timeCreated }: Generation,
): { readonly retentionExpirationTime?: string } {
  const policy = Policy.safeParse(bucketNamed(world, bucket)['retentionPolicy']);
  if (!policy.success) return {};
  const until = Date.parse(timeCreated) + policy.data.retentionPeriod * 1000;
  return { retentionExpirationTime: new Date(until).toISOString() };
}

/** 403 in Google's words while the policy keeps the generation. */
export function refuseRetained(world: World, bucket: string, one: Generation): void {
  const { retentionExpirationTime: until } = retention(world, bucket, one);
  if (until === undefined || Date.parse(until) <= world.now().getTime()) return;
  throw new GoogleError(
    'PERMISSION_DENIED',
    `Object '${bucket}/${one.name}' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until ${until}`,
    { reason: 'retentionPolicyNotMet' },
  );
}
