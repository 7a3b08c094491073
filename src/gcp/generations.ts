import type { GoogleAccess } from './access.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { storageOf } from './storage.ts';
import { storedObject } from './stored-object.ts';
import type { ObjectRef, StoredObject } from './stored-object.ts';

/** Every generation that a versioned bucket still has of an object, newest first, the live one too. */
export async function listGenerations(
  access: GoogleAccess,
  { bucket, name }: Pick<ObjectRef, 'bucket' | 'name'>,
): Promise<readonly StoredObject[]> {
  const action = `list the generations of ${bucket}/${name}`;
  const listing = storageOf(access, 'reads')
    .bucket(bucket)
    .getFiles({
      ...{ prefix: name, versions: true },
    });
  const answer = await unlessMissing(done({ action }, listing, {}));
  return (answer?.[0] ?? [])
    .map((file) => storedObject(file.metadata))
    .filter((one) => one.name === name)
    .sort((a, b) => Number(b.generation) - Number(a.generation));
}
