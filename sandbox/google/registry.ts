import type { World } from '../world.ts';
import { refuseOffIn } from './apis/guard.ts';
import { type Call, GoogleError, param, type Reply, type Route } from './http.ts';
import { demand } from './policies.ts';
import {
  continueUpload,
  finishUpload,
  getBlob,
  refuseBlobDelete,
  startUpload,
} from './registry/blobs.ts';
import { RegistryError, registryErrorReply } from './registry/errors.ts';
import { challenge, exchangeToken, registryCaller } from './registry/challenge.ts';
import { deleteManifest, getManifest, listTags, putManifest } from './registry/manifests.ts';
import { type ImageName, imageName } from './registry/store.ts';

export { engineImage, importImage, importedImage } from './registry/unpack.ts';
export type { ImageFolder, StoredImage } from './registry/unpack.ts';

type Handler = (world: World, call: Call, name: ImageName) => Reply;

const PULL = 'artifactregistry.repositories.downloadArtifacts';
const DELETE = 'artifactregistry.repositories.deleteArtifacts';
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
  [DELETE, 'DELETE', 'manifests/{reference=**}', deleteManifest],
  [DELETE, 'DELETE', 'blobs/{digest=**}', refuseBlobDelete],
  [PULL, 'GET', 'tags/list', listTags],
];

/** The OCI distribution API; names are `<project>/<repository>/<image>`. */
export function registryRoutes(world: World): readonly Route[] {
  const version = { 'docker-distribution-api-version': 'registry/2.0' };
  return [
    {
      ...{ method: 'GET', template: '/v2/token', open: true },
      handle: (call) => exchangeToken(world, call),
    },
    ...['/v2/', '/v2'].map((template): Route => ({
      ...{ method: 'GET', template, open: true },
      handle: (call) =>
        challenged(call, () => {
          registryCaller(world, call);
          return { status: 200, body: {}, headers: version };
        }),
    })),
    ...table.map(([permission, method, path, handler]): Route => ({
      method,
      template: `/v2/{name=*/*/**}/${path}`,
      open: true,
      handle: (call) => challenged(call, () => handle(world, call, permission, handler)),
    })),
  ];
}

function handle(world: World, call: Call, permission: string, handler: Handler): Reply {
  const caller = registryCaller(world, call);
  try {
    refuseOff(world, param(call, 'name'));
    const { resource, ...name } = imageName(world, param(call, 'name'));
    demand(world, caller, permission, resource);
    return handler(world, call, name);
  } catch (error) {
    return registryErrorReply(error);
  }
}

/** The project is the first part of an image's name; a registry has words of its own for it. */
function refuseOff(world: World, name: string): void {
  try {
    refuseOffIn(world, 'artifactregistry.googleapis.com', name.split('/')[0] ?? '');
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    throw new RegistryError(403, 'DENIED', error.message);
  }
}

/** Who shows no token is told where to get one. */
function challenged(call: Call, work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof GoogleError && error.status === 'UNAUTHENTICATED') return challenge(call);
    throw error;
  }
}
