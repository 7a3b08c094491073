import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { statObject, uploadMetadata } from './objects.ts';
import type { Writing } from './objects.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { fileOf, storedObject } from './stored-object.ts';
import type { ObjectRef, StoredObject } from './stored-object.ts';

/** Replaces exactly the generation named ('0' = nothing there yet); OBJECT_MOVED if it is another. */
export async function replaceObject(
  access: GoogleAccess,
  ref: Required<ObjectRef>,
  content: Buffer,
  options: Writing = {},
): Promise<StoredObject> {
  const file = await fileOf(access, { bucket: ref.bucket, name: ref.name });
  const saving = file.save(content, {
    resumable: false,
    preconditionOpts: { ifGenerationMatch: Number(ref.generation) },
    ...uploadMetadata(options),
  });
  const deed = { action: `replace ${ref.bucket}/${ref.name}`, mutating: true };
  await done(deed, saving, options).catch((error: unknown) => {
    throw moved(ref, error);
  });
  return storedObject(file.metadata);
}

/** Removes an object, or only the generation named if it is the live one; none there = done. */
export async function removeObject(
  access: GoogleAccess,
  ref: ObjectRef,
  waiting: Waiting = {},
): Promise<void> {
  const live = { bucket: ref.bucket, name: ref.name };
  const file = await fileOf(access, live);
  const deleting = file.delete(
    ref.generation === undefined ? {} : { ifGenerationMatch: Number(ref.generation) },
  );
  const deed = { action: `remove ${ref.bucket}/${ref.name}`, mutating: true };
  await unlessMissing(done(deed, deleting, waiting)).catch(async (error: unknown) => {
    const failure = moved(ref, error);
    // A precondition on an object that is gone answers 412 as well.
    if (failure === error || (await statObject(access, live, waiting))) throw failure;
  });
}

function moved(ref: ObjectRef, error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'GOOGLE_MOVED') return error;
  return new Failure({
    code: 'OBJECT_MOVED',
    what: `${ref.bucket}/${ref.name} is no longer at generation ${ref.generation ?? '?'}`,
    why: 'It was changed or removed after it was read.',
    fix: 'Run the command again.',
    cause: error,
  });
}
