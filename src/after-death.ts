import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Place } from './endpoints.ts';
import { pruneRuns } from './stacks/prune-runs.ts';
import { giveUpDeadAttempts } from './temporal/dead-attempts.ts';
import { openExecutions } from './temporal/open-executions.ts';
import { sweepTemporaryFolders } from './temporary-folder.ts';

/**
 * What a worker does first: puts in order what those before it could not, for they were killed.
 * Never throws: the work itself says what is wrong.
 */
export async function afterDeath(
  { home }: Place,
  client: Client,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  const work = [
    giveUpDeadAttempts(client),
    sweepTemporaryFolders(home),
    pruneRuns(home, async () => (await openExecutions(client)).map(({ runId }) => runId)),
  ];
  const [attempts, swept, pruned] = await Promise.allSettled(work);
  for (const one of [attempts, swept, pruned])
    if (one?.status === 'rejected') log.warn({ err: one.reason }, 'could not clean up');
  const count = (one: typeof attempts): number => (one?.status === 'fulfilled' ? one.value : 0);
  const about = { attempts: count(attempts), swept: count(swept), pruned: count(pruned) };
  if (Object.values(about).some((n) => n > 0)) log.info(about, 'cleaned up after dead processes');
}
