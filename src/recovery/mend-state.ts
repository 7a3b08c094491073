import { z } from 'zod';
import { listBackups } from '../backups/list-backups.ts';
import type { BackupManifest } from '../backups/manifest.ts';
import { openState } from '../backups/open-state.ts';
import type { StackName } from '../deploy.ts';
import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import { sha256 } from '../releases/archive.ts';
import type { Site } from '../site.ts';
import { underStateLock } from './state-lock.ts';

const State = z.looseObject({
  lineage: z.string(),
  serial: z.int(),
  resources: z.array(z.unknown()),
});
type State = z.infer<typeof State>;

/**
 * Replaces a state that is gone, unreadable, empty or older than its newest backup by that backup,
 * one serial further. What the backup does not know is adopted later. Answers what was done.
 */
export async function mendState(
  site: Site,
  stack: StackName,
  runId: string,
): Promise<string | undefined> {
  const held = await newestBackup(site, stack);
  return underStateLock(site, stack, runId, async () => {
    const ref = { bucket: site.stateBucket, name: `${stack}/default.tfstate` };
    const generation = (await statObject(site.google, ref))?.generation;
    const live = generation ? parsed(await readObject(site.google, ref)) : undefined;
    if (live && !isBehind(live, held)) return undefined;
    const written = { ...ref, generation: generation ?? '0' };
    if (!held) {
      if (!generation) return undefined;
      await removeObject(site.google, written);
      return `the state of ${stack} was unreadable and has no backup: it begins anew`;
    }
    const serial = Math.max(held.serial, live?.serial ?? 0) + 1;
    const content = Buffer.from(`${JSON.stringify({ ...held, serial }, null, 2)}\n`);
    await replaceObject(site.google, written, content);
    const was = live ? 'was behind its backup' : generation ? 'was unreadable' : 'was gone';
    return `the state of ${stack} ${was}: restored as serial ${serial}`;
  });
}

/** An older copy, or one that terraform began anew after a loss. */
function isBehind(live: State, held: State | undefined): boolean {
  if (!held) return false;
  if (live.lineage === held.lineage) return live.serial < held.serial;
  return live.resources.length === 0 && held.resources.length > 0;
}

async function newestBackup(site: Site, stack: StackName): Promise<State | undefined> {
  const states = (await listBackups(site))
    .filter(({ manifest }) => manifest.project === site.environment.project)
    .flatMap(({ manifest }) => manifest.states.filter((one) => one.stack === stack));
  for (const one of states.toReversed()) {
    const state = await readState(site, one);
    if (state) return state;
  }
  return undefined;
}

async function readState(
  site: Site,
  one: BackupManifest['states'][number],
): Promise<State | undefined> {
  const ref = { bucket: site.releaseBucket, name: one.object };
  const content = await readObject(site.google, ref);
  if (!content || sha256(content) !== one.sha256) return undefined;
  return parsed(await openState(site, content, one));
}

function parsed(content: Buffer | undefined): State | undefined {
  try {
    return State.parse(JSON.parse(String(content)));
  } catch {
    return undefined;
  }
}
