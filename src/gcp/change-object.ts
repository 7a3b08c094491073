import { Failure } from '../failure.ts';
import type { GoogleAccess } from './access.ts';
import { replaceObject } from './object-changes.ts';
import { readObject, statObject } from './objects.ts';
import type { ObjectRef } from './stored-object.ts';

/**
 * Writes what `change` makes of an object's content, which is undefined where there is none yet;
 * undefined from it = leave it so. Where somebody else was quicker, again on theirs, up to `patience`
 * times; OBJECT_MOVED then.
 */
export async function changeObject(
  access: GoogleAccess,
  ref: ObjectRef,
  patience: number,
  change: (before: Buffer | undefined) => Buffer | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const generation = (await statObject(access, ref))?.generation ?? '0';
    const after = change(generation === '0' ? undefined : await readObject(access, ref));
    if (after === undefined) return;
    try {
      return void (await replaceObject(access, { ...ref, generation }, after));
    } catch (error) {
      const raced = error instanceof Failure && error.code === 'OBJECT_MOVED';
      if (!raced || attempt === patience) throw error;
    }
  }
}
