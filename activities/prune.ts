import { pruneBackups as prune } from '../src/backups/prune-backups.ts';
import type { Deploy } from '../src/deploy.ts';
import type { Work } from './edge.ts';

/** Lets go of the backups that the rule does not keep; answers their ids. */
export async function pruneBackups(_d: Deploy, { site }: Work): Promise<readonly string[]> {
  return prune(site);
}
