import { z } from 'zod';
import type { StackName } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { lockObject } from '../state/state-object.ts';

const Held = z.object({ Who: z.string() });

/** Runs `work` while holding Terraform's own lock of a stack; a lock of this run is taken over. */
export async function underStateLock<T>(
  site: Site,
  stack: StackName,
  runId: string,
  work: () => Promise<T>,
): Promise<T> {
  const ref = await lockObject(site, stack);
  const who = `windlass recover ${runId}`;
  const generation = await take(site, ref, who);
  try {
    return await work();
  } finally {
    await removeObject(site.google, { ...ref, generation });
  }
}

interface LockRef {
  readonly bucket: string;
  readonly name: string;
}

async function take(site: Site, ref: LockRef, who: string): Promise<string> {
  const found = await statObject(site.google, ref);
  if (!found) {
    const text = JSON.stringify(lockInfo(ref, who));
    return (await replaceObject(site.google, { ...ref, generation: '0' }, Buffer.from(text)))
      .generation;
  }
  const held = heldIn(await readObject(site.google, ref));
  if (held?.Who === who) return found.generation;
  throw new Failure({
    code: 'STATE_LOCKED',
    what: `The state ${ref.name} is locked`,
    why: `${held?.Who ?? 'someone'} holds it`,
    fix: `Wait until that has ended, then run the command again. \`windlass state unlock -e ${site.name}\` shows who holds the lock, and releases it after confirmation.`,
    class: 'retry',
  });
}

/** The form that Terraform shows to whom it makes wait. */
function lockInfo({ bucket, name }: LockRef, who: string) {
  return {
    ID: who,
    Operation: 'OperationTypeRecover',
    Info: '',
    Who: who,
    Version: '',
    Created: new Date().toISOString(),
    Path: `gs://${bucket}/${name.replace('.tflock', '.tfstate')}`,
  };
}

/** Whoever holds it; undefined where the lock is not one of Terraform's. */
function heldIn(content: Buffer | undefined): z.infer<typeof Held> | undefined {
  try {
    return Held.parse(JSON.parse(String(content)));
  } catch {
    return undefined;
  }
}
