import type { World } from '../world.ts';
import { guarded } from './apis/guard.ts';
import { type Call, notFound, type Reply, type Route } from './http.ts';
import { getBucketPolicy, setBucketPolicy, testBucketPermissions } from './storage/bucket-iam.ts';
import {
  changeBucket,
  createBucket,
  deleteBucket,
  getBucket,
  getStorageLayout,
  listBuckets,
} from './storage/buckets.ts';
import { batchRoute } from './storage/batch.ts';
import { composeObject } from './storage/compose.ts';
import { copyObject, rewriteObject } from './storage/copy.ts';
import { listObjects } from './storage/listing.ts';
import { changeObject, getObject, removeObject } from './storage/objects.ts';
import { cancelResumable, continueResumable, startResumable } from './storage/resumable.ts';
import { uploadAtOnce } from './storage/upload.ts';
import { readXml } from './storage/xml.ts';

type Handler = (world: World, call: Call) => Reply;

const API = 'storage.googleapis.com';

const BUCKET = '/storage/v1/b/{bucket}';
const OBJECT = `${BUCKET}/o/{object=**}`;
const SOURCE = '/storage/v1/b/{sourceBucket}/o/{sourceObject}';
const UPLOAD = '/upload/storage/v1/b/{bucket}/o';

const table: readonly [method: string, template: string, handler: Handler][] = [
  ['GET', '/storage/v1/b', listBuckets],
  ['POST', '/storage/v1/b', createBucket],
  ['GET', BUCKET, getBucket],
  ['PATCH', BUCKET, changeBucket],
  ['PUT', BUCKET, changeBucket],
  ['DELETE', BUCKET, deleteBucket],
  ['GET', `${BUCKET}/storageLayout`, getStorageLayout],
  ['GET', `${BUCKET}/iam`, getBucketPolicy],
  ['PUT', `${BUCKET}/iam`, setBucketPolicy],
  ['GET', `${BUCKET}/iam/testPermissions`, testBucketPermissions],
  ['GET', `${BUCKET}/o`, listObjects],
  ['POST', `${SOURCE}/copyTo/b/{bucket}/o/{object=**}`, copyObject],
  ['POST', `${SOURCE}/rewriteTo/b/{bucket}/o/{object=**}`, rewriteObject],
  ['POST', `${OBJECT}/compose`, composeObject],
  ['GET', OBJECT, getObject],
  ['GET', `/download${OBJECT}`, getObject],
  ['PATCH', OBJECT, changeObject],
  ['PUT', OBJECT, changeObject],
  ['DELETE', OBJECT, removeObject],
  ['POST', UPLOAD, upload],
];

// The address of an upload session is its own ticket: no token goes with it.
const sessions: readonly [method: string, template: string, handler: Handler][] = [
  ['PUT', UPLOAD, continueResumable],
  ['DELETE', UPLOAD, cancelResumable],
];

/** The storage JSON API with its uploads. */
export function storageRoutes(world: World): readonly Route[] {
  const made = table.map(([method, template, handler]) => route(world, method, template, handler));
  const api = guarded(world, API, made);
  return [
    batchRoute(world, api),
    ...api,
    ...sessions.map(([method, template, handler]) => ({
      ...route(world, method, template, handler),
      open: true,
    })),
  ];
}

// Paths of JSON APIs are no objects, whatever they look like.
const jsonPrefixes = ['/storage/v1/', '/v1/', '/v2/', '/v3/', '/apis/', '/_sandbox/'];

/** The XML read path; it fits any path, so it must come last. */
export function storageXmlRoutes(world: World): readonly Route[] {
  return ['GET', 'HEAD'].flatMap((method) => [
    ...jsonPrefixes.map((prefix) => route(world, method, `${prefix}{rest=**}`, nothingThere)),
    ...guarded(world, API, [route(world, method, '/{bucket}/{object=**}', readXml)]),
  ]);
}

function nothingThere(_world: World, { method, path }: Call): Reply {
  throw notFound(`The sandbox has nothing at ${method} ${path}`);
}

function upload(world: World, call: Call): Reply {
  const resumable = call.query.get('uploadType') === 'resumable';
  return resumable ? startResumable(world, call) : uploadAtOnce(world, call);
}

function route(world: World, method: string, template: string, handler: Handler): Route {
  return { method, template, handle: (call) => handler(world, call) };
}
