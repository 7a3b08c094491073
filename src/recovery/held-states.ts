import { z } from 'zod';
import { listBackups } from '../backups/list-backups.ts';
import type { StackName } from '../deploy.ts';
import { listGenerations } from '../gcp/generations.ts';
import { readObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';

const State = z.looseObject({
  lineage: z.string(),
  serial: z.int(),
  resources: z.array(z.unknown()),
});
export type State = z.infer<typeof State>;

/** A whole copy of a stack's state, and where it was found, in words. */
export interface HeldState {
  readonly state: State;
  readonly from: string;
}

const generationsRead = 5; // a state that was put there by hand has the better one right before it

/** The copies that could replace a lost state: its own older generations first, then the backups. */
export async function heldStates(site: Site, stack: StackName): Promise<readonly HeldState[]> {
  return [...(await ownGenerations(site, stack)), ...(await backedUp(site, stack))];
}

/** The state in an object; undefined where it is none. */
export function parsedState(content: Buffer | undefined): State | undefined {
  try {
    return State.parse(JSON.parse(String(content)));
  } catch {
    return undefined;
  }
}

async function ownGenerations(site: Site, stack: StackName): Promise<readonly HeldState[]> {
  const ref = { bucket: site.stateBucket, name: `${stack}/default.tfstate` };
  const newest = (await listGenerations(site.google, ref)).slice(0, generationsRead);
  const found = await Promise.all(
    newest.map(async ({ generation }) => {
      const state = parsedState(await readObject(site.google, { ...ref, generation }));
      return state ? [{ state, from: `the bucket's generation ${generation}` }] : [];
    }),
  );
  return found.flat();
}

async function backedUp(site: Site, stack: StackName): Promise<readonly HeldState[]> {
  const sets = (await listBackups(site)).filter(
    ({ manifest }) => manifest.project === site.environment.project,
  );
  const found = await Promise.all(
    sets.toReversed().map(async ({ manifest: { states, runId } }) => {
      const part = states.find((one) => one.stack === stack);
      if (!part) return [];
      const ref = { bucket: site.releaseBucket, name: part.object };
      const content = await readObject(site.google, ref);
      if (!content || sha256(content) !== part.sha256) return [];
      const state = parsedState(content);
      return state ? [{ state, from: `the backup ${runId}` }] : [];
    }),
  );
  return found.flat();
}
