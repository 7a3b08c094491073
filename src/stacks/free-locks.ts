import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stackNames } from '../deploy.ts';
import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { awaitLock } from './await-lock.ts';
import type { LockWait } from './await-lock.ts';
import { laidOut } from './laid-out.ts';
import { openStack } from './open-stack.ts';
import { reconcile } from './reconcile.ts';

/** A run of which no process lives, and what its stacks were laid out from. */
export interface DeadRun {
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** Frees what a dead run locked, in every folder that it used; a live holder's lock is kept. */
export async function freeStackLocks(
  site: Site,
  { runId, release, secretVersions }: DeadRun,
  waiting: LockWait,
): Promise<void> {
  for (const stack of stackNames) {
    const used = [laidOut.undo(runId), laidOut.alone(runId)].filter((id) =>
      existsSync(join(site.home, 'runs', id, `${release.id}-${stack}`)),
    );
    for (const id of [runId, ...used]) {
      const opened = await openStack(site, id, { release, stack, secretVersions }, waiting.signal);
      await awaitLock(opened, waiting);
      await reconcile(opened);
    }
  }
}
