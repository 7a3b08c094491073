import type { World } from '../world.ts';
import { type Call, param, type Reply, type Route } from './http.ts';
import { demand } from './policies.ts';
import { continueUpload, finishUpload, getBlob, startUpload } from './registry/blobs.ts';
import { registryErrorReply } from './registry/errors.ts';
import { getManifest, listTags, putManifest } from './registry/manifests.ts';
import { type ImageName, imageName } from './registry/store.ts';

export { engineImage, importImage, importedImage } from './registry/unpack.ts';
export type { ImageFolder, StoredImage } from './registry/unpack.ts';

type Handler = (world: World, call: Call, name: ImageName) => Reply;

const PULL = 'artifactregistry.repositories.downloadArtifacts';
const PUSH = 'artifactregistry.repositories.uploadArtifacts';

const table: readonly [permission: string, method: string, path: string, handler: Handler][] = [
  [PUSH, 'POST', 'blobs/uploads', startUpload],
  [PUSH, 'POST', 'blobs/uploads/', startUpload],
  [PUSH, 'PATCH', 'blobs/uploads/{id}', continueUpload],
  [PUSH, 'PUT', 'blobs/uploads/{id}', finishUpload],
  [PULL, 'GET', 'blobs/{digest=**}', getBlob],
  [PULL, 'HEAD', 'blobs/{digest=**}', getBlob],
  [PUSH, 'PUT', 'manifests/{reference=**}', putManifest],
  [PULL, 'GET', 'manifests/{reference=**}', getManifest],
  [PULL, 'HEAD', 'manifests/{reference=**}', getManifest],
  [PULL, 'GET', 'tags/list', listTags],
];

/** The OCI distribution API; names are `<project>/<repository>/<image>`. */
export function registryRoutes(world: World): readonly Route[] {
  const version = { 'docker-distribution-api-version': 'registry/2.0' };
  return [
    ...['/v2/', '/v2'].map((template): Route => ({
      method: 'GET',
      template,
      handle: () => ({ status: 200, body: {}, headers: version }),
    })),
    ...table.map(([permission, method, path, handler]): Route => ({
      method,
      template: `/v2/{name=*/*/**}/${path}`,
      handle: (call) => handle(world, call, permission, handler),
    })),
  ];
}

function handle(world: World, call: Call, permission: string, handler: Handler): Reply {
  try {
    const { resource, ...name } = imageName(world, param(call, 'name'));
    demand(world, call.caller, permission, resource);
    return handler(world, call, name);
  } catch (error) {
    return registryErrorReply(error);
  }
}
