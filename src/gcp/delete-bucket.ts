import type { GoogleAccess } from './access.ts';
import { bucketLabels } from './buckets.ts';
import { done } from './official.ts';
import { refuseUnlabelled } from './refuse-unlabelled.ts';
import { unlessMissing } from './refusal.ts';
import { storageOf } from './storage.ts';

/**
 * Deletes a bucket with every generation of every object, where it carries all of these labels; none
 * there is a success. A Failure, nothing deleted, where it is anybody else's.
 */
export async function emptyAndDeleteBucket(
  access: GoogleAccess,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const found = await bucketLabels(access, name);
  if (!found) return;
  refuseUnlabelled(`the bucket ${name}`, found, labels);
  await emptyAndDelete(access, name);
}

async function emptyAndDelete(access: GoogleAccess, name: string): Promise<void> {
  const bucket = (await storageOf(access)).bucket(name);
  const action = `delete the bucket ${name}`;
  const listing = done({ action }, bucket.getFiles({ versions: true }), {});
  const found = await unlessMissing(listing);
  if (!found) return;
  for (const file of found[0]) {
    const { generation } = file.metadata;
    await unlessMissing(
      done(
        { action, mutating: true },
        bucket.file(file.name, { generation: Number(generation) }).delete(),
        {},
      ),
    );
  }
  await unlessMissing(done({ action, mutating: true }, bucket.delete(), {}));
}
