import type { StackName } from '../deploy.ts';
import { replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { holdLock } from './hold-lock.ts';
import { readState, withSerial } from './state-text.ts';
import { stateObject } from './state-object.ts';

/**
 * Makes every plan stale that was saved before this moment: holding the state's lock, it writes the
 * same state with the next serial, and Terraform applies no plan to a state of another serial. A
 * state that is gone or damaged is left to those who mend it.
 */
export async function fenceState(site: Site, stack: StackName): Promise<void> {
  await holdLock(site, stack, async () => {
    const ref = await stateObject(site, stack);
    const generation = (await statObject(site.google, ref))?.generation;
    const text = generation && (await readObject(site.google, { ...ref, generation }));
    const state = text && readState(String(text));
    if (!generation || !text || !state) return;
    const next = Buffer.from(withSerial(String(text), state.serial + 1));
    const contentType = 'application/json';
    await replaceObject(site.google, { ...ref, generation }, next, { contentType });
  });
}
