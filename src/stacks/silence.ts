import { stackNames } from '../deploy.ts';
import { endSessionsOf } from '../postgres/session-name.ts';
import { databaseOf } from '../site-database.ts';
import type { Site } from '../site.ts';
import { fenceState } from '../state/fence-state.ts';
import type { LockWait } from './await-lock.ts';
import { freeStackLocks } from './free-locks.ts';
import type { DeadRun } from './free-locks.ts';

/**
 * Sees to it that nothing of a dead run writes any more: its database sessions are ended, its locks
 * are freed where their holder is proven dead, and each state was held once by us and has a serial
 * that no plan of before knows. STATE_LOCKED where somebody holds one still.
 */
export async function silence(site: Site, dead: DeadRun, waiting: LockWait): Promise<void> {
  const login = await databaseOf(site);
  if (login) await endSessionsOf(login, dead.runId);
  await freeStackLocks(site, dead, waiting);
  for (const stack of stackNames) await fenceState(site, stack);
}
