import { lockOwner } from './lock-owner.ts';
import type { LockInfo, PastRun } from './lock-owner.ts';

/** The lock object of one stack (`PREFIX/default.tflock`), as the bucket shows it. */
export interface LockObject {
  readonly generation: string;
  readonly text: string;
}

/** The two storage calls that freeing a lock takes. */
export interface LockStore {
  /** The lock object, or undefined where the state is not locked. */
  readonly read: () => Promise<LockObject | undefined>;
  /** Deletes exactly that generation; false where it is gone or another holds the lock now. */
  readonly remove: (generation: string) => Promise<boolean>;
}

export type LockVerdict =
  | { readonly lock: 'free' }
  | { readonly lock: 'broken'; readonly holder: LockInfo }
  | { readonly lock: 'kept'; readonly holder?: LockInfo; readonly why: string };

/**
 * Frees a state lock only where one of these runs is proven to have taken it and proven to be dead,
 * by the exact generation that was looked at. A lock of anybody else is kept, and the answer says why.
 */
export async function breakOrphanLock(
  store: LockStore,
  runs: readonly PastRun[],
): Promise<LockVerdict> {
  const found = await store.read();
  if (found === undefined) return { lock: 'free' };
  const owner = await lockOwner(found.text, runs);
  if (owner.state !== 'dead') return { lock: 'kept', ...owner };
  if (await store.remove(found.generation)) return { lock: 'broken', holder: owner.holder };
  return { lock: 'kept', holder: owner.holder, why: 'the lock changed hands while it was read' };
}
