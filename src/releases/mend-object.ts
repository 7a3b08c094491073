import { listGenerations } from '../gcp/generations.ts';
import { replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { ReleaseShelf } from '../site.ts';

/** How to tell the right bytes of an object, and the bytes themselves where somebody has them. */
interface Wanted {
  readonly name: string;
  readonly isRight: (content: Buffer) => Promise<boolean>;
  readonly spare?: Buffer | undefined;
}

/**
 * Makes an object what it must be: from the first generation that is right, else from the spare.
 * `whole` = it was right already; `lost` = nothing was changed, for nobody has the right bytes.
 */
export async function mendObject(
  { google, releaseBucket: bucket }: ReleaseShelf,
  { name, isRight, spare }: Wanted,
): Promise<'whole' | 'from an older generation' | 'from this tree' | 'lost'> {
  const ref = { bucket, name };
  const live = await readObject(google, ref);
  if (live && (await isRight(live))) return 'whole';
  const generation = (await statObject(google, ref))?.generation ?? '0';
  for (const older of (await listGenerations(google, ref)).toReversed()) {
    const content = await readObject(google, { ...ref, generation: older.generation });
    if (!content || !(await isRight(content))) continue;
    await replaceObject(google, { ...ref, generation }, content, { metadata: older.metadata });
    return 'from an older generation';
  }
  if (!spare) return 'lost';
  await replaceObject(google, { ...ref, generation }, spare);
  return 'from this tree';
}
