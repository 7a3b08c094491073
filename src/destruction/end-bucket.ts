import { z } from 'zod';
import type { GoogleAccess } from '../gcp/access.ts';
import { listGoogle } from '../gcp/list.ts';
import { done } from '../gcp/official.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { removeGeneration } from '../gcp/remove-generation.ts';
import { storageOf } from '../gcp/storage.ts';
import { bucketUrl } from '../gcp/stored-object.ts';

const Kept = z.object({
  name: z.string(),
  generation: z.union([z.string(), z.number()]).transform(String),
  retentionExpirationTime: z.iso.datetime().optional(),
  temporaryHold: z.boolean().default(false),
  eventBasedHold: z.boolean().default(false),
});
type Kept = z.infer<typeof Kept>;

/**
 * Removes every generation of Windlass' own objects, then the bucket where nothing else is in it; none
 * there is a success. What a retention policy or a hold keeps stays until it ends. Answers what stays,
 * in words.
 */
export async function endBucket(
  google: GoogleAccess,
  bucket: string,
  isOwn: (object: string) => boolean,
): Promise<readonly string[]> {
  const all = await unlessMissing(generationsIn(google, bucket));
  if (all === undefined) return [];
  const foreign = all.filter(({ name }) => !isOwn(name));
  const own = all.filter(({ name }) => isOwn(name));
  const locked = own.filter((one) => isKept(one, Date.now()));
  for (const { name, generation } of own.filter((one) => !locked.includes(one)))
    await removeGeneration(google, { bucket, name, generation });
  const stays = [...foreignLine(bucket, foreign), ...lockedLine(bucket, locked)];
  if (stays.length > 0) return stays;
  const deed = { action: `delete the bucket ${bucket}`, mutating: true };
  await unlessMissing(done(deed, (await storageOf(google)).bucket(bucket).delete(), {}));
  return [];
}

function generationsIn(google: GoogleAccess, bucket: string): Promise<readonly Kept[]> {
  const url = `${bucketUrl(google, bucket)}/o?versions=true`;
  const read = (item: unknown): Kept => Kept.parse(item);
  return listGoogle(google, { action: `list ${bucket}`, url, of: 'items', read });
}

function isKept({ retentionExpirationTime: until, ...hold }: Kept, now: number): boolean {
  const retained = until !== undefined && Date.parse(until) > now;
  return retained || hold.temporaryHold || hold.eventBasedHold;
}

function foreignLine(bucket: string, objects: readonly Kept[]): readonly string[] {
  const names = [...new Set(objects.map(({ name }) => name))];
  if (names.length === 0) return [];
  const more = names.length > 5 ? `, and ${names.length - 5} more` : '';
  return [
    `bucket ${bucket}: holds what is not of Windlass: ${names.slice(0, 5).join(', ')}${more}`,
  ];
}

function lockedLine(bucket: string, objects: readonly Kept[]): readonly string[] {
  if (objects.length === 0) return [];
  const ends = objects.flatMap(({ retentionExpirationTime: until }) => until ?? []).toSorted();
  const when = ends.length > 0 ? `until ${ends.at(-1)}` : 'until its holds are removed';
  return [`bucket ${bucket}: its retention policy keeps ${objects.length} objects ${when}`];
}
