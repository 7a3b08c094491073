import { Failure } from '../failure.ts';
import type { GoogleAccess } from '../gcp/access.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { readObject, statObject } from '../gcp/objects.ts';
import type { LockStore } from '../terraform/orphan-lock.ts';

/** The lock of the state below a prefix of the bucket. */
export function stateLock(access: GoogleAccess, bucket: string, prefix: string): LockStore {
  const ref = { bucket, name: `${prefix}/default.tflock` };
  return {
    read: async () => {
      const stored = await statObject(access, ref);
      const { generation } = stored ?? {};
      const text = generation && (await readObject(access, { ...ref, generation }));
      return generation && text ? { generation, text: String(text) } : undefined;
    },
    remove: async (generation) => {
      try {
        await removeObject(access, { ...ref, generation });
        return true;
      } catch (error) {
        if (error instanceof Failure && error.code === 'OBJECT_MOVED') return false;
        throw error;
      }
    },
  };
}
