import type { GoogleAccess } from './access.ts';
import { listGoogle } from './list.ts';
import { unlessMissing } from './refusal.ts';
import { bucketUrl, storedObject } from './stored-object.ts';
import type { ObjectRef, StoredObject } from './stored-object.ts';

/** Every generation that a versioned bucket still has of an object, newest first, the live one too. */
export async function listGenerations(
  access: GoogleAccess,
  { bucket, name }: Pick<ObjectRef, 'bucket' | 'name'>,
): Promise<readonly StoredObject[]> {
  const action = `list the generations of ${bucket}/${name}`;
  const query = new URLSearchParams({ prefix: name, versions: 'true' });
  const url = `${bucketUrl(access, bucket)}/o?${query.toString()}`;
  const answer = await unlessMissing(
    listGoogle(access, { action, url, of: 'items', read: storedObject }),
  );
  return (answer ?? [])
    .filter((one) => one.name === name)
    .sort((a, b) => Number(b.generation) - Number(a.generation));
}
