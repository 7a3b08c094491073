import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { StackName } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { lockObject } from './state-object.ts';

/**
 * Does the work while holding Terraform's own lock of a stack's state, as its gcs backend takes it:
 * an object that may only be created. Who holds it already is named in the Failure.
 */
export async function holdLock<T>(
  site: Site,
  stack: StackName,
  work: () => Promise<T>,
): Promise<T> {
  const ref = await lockObject(site, stack);
  const lock = lockText(`gs://${ref.bucket}/${ref.name}`);
  const taken = await replaceObject(site.google, { ...ref, generation: '0' }, lock).catch(
    async (error: unknown) => {
      throw isMoved(error) ? await locked(site, ref) : error;
    },
  );
  try {
    return await work();
  } finally {
    await removeObject(site.google, { ...ref, generation: taken.generation });
  }
}

// The fields are those of Terraform's statemgr.LockInfo, so that its own messages can show them.
function lockText(path: string): Buffer {
  const lock = {
    ID: randomUUID(),
    Operation: 'windlass state restore',
    Info: '',
    Who: `${userInfo().username}@${hostname()}`,
    Version: '1.11.0',
    Created: new Date().toISOString(),
    Path: path,
  };
  return Buffer.from(JSON.stringify(lock));
}

function isMoved(error: unknown): boolean {
  return error instanceof Failure && error.code === 'OBJECT_MOVED';
}

async function locked(
  site: Site,
  ref: { readonly bucket: string; readonly name: string },
): Promise<Failure> {
  const holder = await readObject(site.google, ref);
  return new Failure({
    code: 'STATE_LOCKED',
    what: `The state ${ref.name} is locked`,
    why: holder ? String(holder).slice(0, 400) : 'its holder has just released it',
    fix: `Wait until that has ended, then run the command again. \`windlass state unlock -e ${site.name}\` shows who holds the lock, and releases it after confirmation.`,
    class: 'retry',
  });
}
