import { join } from 'node:path';
import { cloudBuild } from '../images/engines/cloud-build.ts';
import type { ImageRoom } from '../images/image-room.ts';
import { localBuilds } from '../images/local-builds.ts';
import type { Site } from '../site.ts';
import type { TreeFacts } from '../tree-facts.ts';
import { buildShelf } from './build-shelf.ts';

/** Where the images of an environment are looked up, built and kept. */
export function imageRoomOf(
  site: Site,
  {
    tree,
    tell = () => undefined,
  }: { readonly tree?: TreeFacts; readonly tell?: ImageRoom['tell'] } = {},
): ImageRoom {
  const { name, home, google, environment } = site;
  return {
    environment: name,
    target: environment.target,
    local: localBuilds(home),
    shelf: buildShelf(site),
    elsewhere: cloudBuild(site, tell),
    google,
    logs: join(home, 'log', 'build'),
    ...(tree && 'commit' in tree && { commit: `${tree.commit}${tree.dirty ? '-dirty' : ''}` }),
    tell,
  };
}
