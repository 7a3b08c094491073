import type { World } from '../../world.ts';
import { type Call, notFound, ok, param, type Reply, type Route } from '../http.ts';
import { echoes } from '../echo-face.ts';
import { demand } from '../policies.ts';
import { page } from '../wire.ts';
import { readBlob, references, tagsOf } from './store.ts';

const REPOSITORY = '/v1/{parent=projects/*/locations/*/repositories/*}';

/** What Artifact Registry's own API says of the images: `dockerImages` and `packages`. */
export function shownImageRoutes(world: World): readonly Route[] {
  const route = (kind: string, list: typeof images): Route => ({
    ...{ method: 'GET', template: `${REPOSITORY}/${kind}` },
    handle: (call) => listed(world, call, kind, list),
  });
  return [route('dockerImages', images), route('packages', packages)];
}

function listed(world: World, call: Call, kind: string, list: typeof images): Reply {
  const parent = param(call, 'parent');
  demand(world, call.caller, 'artifactregistry.repositories.get', parent);
  if (echoes(world, 'repositories').get(parent) === undefined)
    throw notFound(`Resource '${parent}' was not found.`);
  return ok(page(kind, list(world, parent), call.query));
}

interface Place {
  readonly project: string;
  readonly repository: string;
  readonly image: string;
  readonly digest: string;
  readonly type: string;
}

function images(world: World, parent: string): readonly object[] {
  const [, , , location] = parent.split('/');
  return placesIn(world, parent).map(({ digest, type, ...name }) => {
    const { project, repository, image } = name;
    const tags = tagsOf(world, name).filter(
      (tag) => references(world).get(`${project}/${repository}/${image}:${tag}`) === digest,
    );
    return {
      name: `${parent}/dockerImages/${encodeURIComponent(image)}@${digest}`,
      uri: `${location}-docker.pkg.dev/${project}/${repository}/${image}@${digest}`,
      ...{ tags, mediaType: type },
      imageSizeBytes: String(readBlob(world, name, digest)?.length ?? 0),
    };
  });
}

function packages(world: World, parent: string): readonly object[] {
  const names = new Set(placesIn(world, parent).map(({ image }) => image));
  return [...names].map((image) => ({
    ...{ name: `${parent}/packages/${encodeURIComponent(image)}`, displayName: image },
  }));
}

function placesIn(world: World, parent: string): readonly Place[] {
  const [, project = '', , , , repository = ''] = parent.split('/');
  const prefix = `${project}/${repository}/`;
  return references(world)
    .list()
    .filter(([key]) => key.startsWith(prefix) && key.includes('@sha256:'))
    .map(([key, type]) => {
      const [image = '', digest = ''] = key.slice(prefix.length).split('@');
      return { project, repository, image, digest, type };
    })
    .filter(({ digest, ...name }) => readBlob(world, name, digest) !== undefined);
}
