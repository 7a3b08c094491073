import type { GoogleAccess } from './access.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { storageOf } from './storage.ts';

/** Deletes a bucket with every generation of every object; none there is a success. */
export async function emptyAndDeleteBucket(access: GoogleAccess, name: string): Promise<void> {
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
