import { runTerraform } from './run.ts';
import type { TerraformPlace } from './place.ts';

/** The arguments of `terraform force-unlock`; on a bucket the id is the lock object's generation. */
export function forceUnlockArgs(lockId: string): readonly string[] {
  return ['force-unlock', '-force', lockId];
}

/** Frees the lock of that id and no other; for people. The program uses `breakOrphanLock`. */
export async function forceUnlock(place: TerraformPlace, lockId: string): Promise<void> {
  await runTerraform(place, forceUnlockArgs(lockId));
}
