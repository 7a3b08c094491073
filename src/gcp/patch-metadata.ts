import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { objectUrl, storedObject } from './stored-object.ts';
import type { StoredObject } from './stored-object.ts';

/** One state of an object's metadata: which generation, and how often it was changed since. */
export interface ObjectState {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  readonly metageneration: string;
}

const patienceMs = 10_000; // a renewal that takes longer is tried again

/**
 * Lays values over the metadata of an object if it is exactly in this state; makes no new version of
 * it. GOOGLE_MOVED where it is in another, GOOGLE_NOT_FOUND where it is gone.
 */
export async function patchMetadata(
  access: GoogleAccess,
  { bucket, name, generation, metageneration }: ObjectState,
  metadata: Readonly<Record<string, string>>,
  waiting: Waiting = {},
): Promise<StoredObject> {
  const query = new URLSearchParams({
    ifGenerationMatch: generation,
    ifMetagenerationMatch: metageneration,
  });
  const call = {
    action: `change the metadata of ${bucket}/${name}`,
    method: 'PATCH',
    url: `${objectUrl(access, bucket, name)}?${query.toString()}`,
    body: { metadata },
    mutating: true,
    patienceMs,
    answer: z.unknown(),
  } as const;
  return storedObject(await callGoogle(access, call, waiting));
}
