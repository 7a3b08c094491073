import type { StackName } from '../deploy.ts';
import { everyRunOf } from '../stacks/every-run.ts';
import { stateLock } from '../stacks/state-lock.ts';
import type { Site } from '../site.ts';
import { holderOf, lockOwner } from '../terraform/lock-owner.ts';
import { pastRuns } from '../terraform/past-run.ts';
import { stateName } from './state-name.ts';

/** A lock as it was looked at; `free` removes exactly that one, and answers whether it was still it. */
export interface SeenLock {
  readonly stack: StackName;
  readonly who: string;
  readonly operation: string;
  /** When its holder says that it took it (ISO 8601); empty where the lock cannot be read. */
  readonly created: string;
  readonly generation: string;
  /** What speaks for and against that its holder still works, in words. */
  readonly evidence: string;
  readonly free: () => Promise<boolean>;
}

/** The lock of a stack's state; undefined where there is none. */
export async function seeLock(site: Site, stack: StackName): Promise<SeenLock | undefined> {
  const store = stateLock(site.google, site.stateBucket, await stateName(site, stack));
  const found = await store.read();
  if (!found) return undefined;
  const owner = await lockOwner(found.text, await pastRuns(await everyRunOf(site, stack)));
  const holder = holderOf(found.text);
  return {
    stack,
    who: holder?.Who ?? 'unknown',
    operation: holder?.Operation ?? '',
    created: holder?.Created ?? '',
    generation: found.generation,
    evidence:
      owner.state === 'dead' ? 'its run is of this machine, and its processes are gone' : owner.why,
    free: () => store.remove(found.generation),
  };
}
