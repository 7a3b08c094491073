import { join } from 'node:path';
import type { World } from '../../world.ts';

/** Where the blobs and manifests of a repository lie. */
export function repositoryFolder(world: World, project: string, repository: string): string {
  return join(world.folder, 'registry', project, repository);
}
