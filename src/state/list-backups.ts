import type { StackName } from '../deploy.ts';
import { listObjects } from '../gcp/objects.ts';
import type { Site } from '../site.ts';

/** A stored copy of a stack's state; `at` is ISO 8601. */
export interface ListedBackup {
  readonly object: string;
  readonly stack: string;
  readonly serial: string;
  readonly lineage: string;
  readonly at: string;
}

/** The copies of an environment's states, of one stack or of all, oldest first. */
export async function listStateBackups(
  site: Site,
  stack?: StackName,
): Promise<readonly ListedBackup[]> {
  const objects = await listObjects(site.google, site.releaseBucket, 'backups/');
  return objects
    .filter(({ name }) => /\.tfstate(\.sealed)?$/.test(name))
    .map(({ name, createdAt, metadata }) => ({
      object: name,
      stack: metadata['stack'] ?? '?',
      serial: metadata['serial'] ?? '?',
      lineage: metadata['lineage'] ?? '?',
      at: createdAt,
    }))
    .filter((one) => stack === undefined || one.stack === stack);
}
