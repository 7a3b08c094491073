import type { StackName } from '../deploy.ts';
import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { heldStates, parsedState } from './held-states.ts';
import type { HeldState, State } from './held-states.ts';
import { underStateLock } from './state-lock.ts';
import { stateObject } from '../state/state-object.ts';

/**
 * Replaces a state that is gone, unreadable, empty or older than one of its copies by the newest
 * of them, one serial further. What no copy knows is adopted later. Answers what was done.
 */
export async function mendState(
  site: Site,
  stack: StackName,
  runId: string,
): Promise<string | undefined> {
  const copies = await heldStates(site, stack);
  return underStateLock(site, stack, runId, async () => {
    const ref = await stateObject(site, stack);
    const generation = (await statObject(site.google, ref))?.generation;
    const live = generation ? parsedState(await readObject(site.google, ref)) : undefined;
    const held = newestFor(live, copies);
    if (live && !isBehind(live, held?.state)) return undefined;
    const written = { ...ref, generation: generation ?? '0' };
    if (!held) {
      if (!generation) return undefined;
      await removeObject(site.google, written);
      return `the state of ${stack} was unreadable and has no copy: it starts empty`;
    }
    const serial = Math.max(held.state.serial, live?.serial ?? 0) + 1;
    const content = Buffer.from(`${JSON.stringify({ ...held.state, serial }, null, 2)}\n`);
    await replaceObject(site.google, written, content);
    const was = live ? 'was behind' : generation ? 'was unreadable' : 'was gone';
    return `the state of ${stack} ${was}: restored as serial ${serial} from ${held.from}`;
  });
}

/** The highest serial of the lineage in use: that of the live state, else of the newest copy. */
function newestFor(live: State | undefined, copies: readonly HeldState[]): HeldState | undefined {
  const whole = copies.filter(({ state }) => state.resources.length > 0);
  const inUse = live && live.resources.length > 0 ? live : whole[0]?.state;
  return whole
    .filter(({ state }) => state.lineage === inUse?.lineage)
    .toSorted((a, b) => b.state.serial - a.state.serial)[0];
}

/** An older copy, or one that terraform began anew after a loss. */
function isBehind(live: State, held: State | undefined): boolean {
  if (!held) return false;
  if (live.lineage === held.lineage) return live.serial < held.serial;
  return live.resources.length === 0;
}
