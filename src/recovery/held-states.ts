import { z } from 'zod';
import { isAsRecorded } from '../backups/as-recorded.ts';
import { listBackups } from '../backups/list-backups.ts';
import type { BackupManifest } from '../backups/manifest.ts';
import { openState } from '../backups/open-state.ts';
import type { StackName } from '../deploy.ts';
import { listGenerations } from '../gcp/generations.ts';
import { readObject } from '../gcp/objects.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { readLedger } from '../releases/ledger.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { stateObject } from '../state/state-object.ts';

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

/** The copies that could replace a lost state: its own older generations first, then a backup. */
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
  const ref = await stateObject(site, stack);
  const newest = (await listGenerations(site.google, ref)).slice(0, generationsRead);
  const found = await Promise.all(
    newest.map(async ({ generation }) => {
      const state = parsedState(await readObject(site.google, { ...ref, generation }));
      return state ? [{ state, from: `the bucket's generation ${generation}` }] : [];
    }),
  );
  return found.flat();
}

/** The newest backup of it that is whole. */
async function backedUp(site: Site, stack: StackName): Promise<readonly HeldState[]> {
  const ledger = (await unlessMissing(readLedger(site))) ?? [];
  const sets = (await listBackups(site)).filter(
    (set) => set.manifest.project === site.environment.project && isAsRecorded(set, ledger),
  );
  for (const { manifest } of sets.toReversed()) {
    const part = manifest.states.find((one) => one.stack === stack);
    const state = part && (await openPart(site, part));
    if (state) return [{ state, from: `the backup ${manifest.runId}` }];
  }
  return [];
}

async function openPart(
  site: Site,
  part: BackupManifest['states'][number],
): Promise<State | undefined> {
  const content = await readObject(site.google, { bucket: site.releaseBucket, name: part.object });
  if (!content || sha256(content) !== part.sha256) return undefined;
  return parsedState(await openState(site, content, part));
}
