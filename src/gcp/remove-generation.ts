import type { GoogleAccess, Waiting } from './access.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { fileOf } from './stored-object.ts';
import type { ObjectRef } from './stored-object.ts';

/** Removes one generation for good, so that a versioned bucket keeps no copy; none there = done. */
export async function removeGeneration(
  access: GoogleAccess,
  ref: Required<Pick<ObjectRef, 'bucket' | 'name' | 'generation'>>,
  waiting: Waiting = {},
): Promise<void> {
  const deed = { action: `remove ${ref.bucket}/${ref.name} for good`, mutating: true };
  const file = await fileOf(access, ref);
  await unlessMissing(done(deed, file.delete(), waiting));
}
