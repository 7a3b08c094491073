import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, GoogleError, ok, param, type Reply } from '../http.ts';
import { demand, dropPolicies } from '../policies.ts';
import { demandProject, projectNamed } from '../projects.ts';
import { bucketResource } from '../resource-names.ts';
import { mergePatch } from './merge-patch.ts';
import { checkEtags, checkPreconditions } from './preconditions.ts';
import { Bucket, bucketNamed, buckets, objects } from './records.ts';
import { type Asked, bucketEtag, shownBucket } from './shown.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'Invalid bucket name');
const Fields = z.looseObject({ name: Name, location: z.string().default('US') });
const Changes = z.record(z.string(), z.unknown());

/** `POST /b?project=`: 409 where the name is taken. */
export function createBucket(world: World, call: Call): Reply {
  const parent = `projects/${call.query.get('project') ?? ''}`;
  const { projectId } = demandProject(world, call.caller, parent, 'storage.buckets.create');
  const fields = Fields.parse(call.body);
  if (buckets(world).get(fields.name) !== undefined) {
    throw conflict(
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  const now = world.now().toISOString();
  return keep(world, call, {
    storageClass: 'STANDARD',
    ...fields,
    location: fields.location.toUpperCase(),
    locationType: fields.location.includes('-') ? 'region' : 'multi-region',
    project: projectId,
    metageneration: 1,
    timeCreated: now,
    updated: now,
  });
}

/** `GET /b/{bucket}`. */
export function getBucket(world: World, call: Call): Reply {
  const bucket = demanded(world, call, 'get');
  checkPreconditions(call.query, numbers(bucket), 'read');
  checkEtags(call.headers, bucketEtag(bucket), 'read');
  return shown(world, call, bucket);
}

/** `GET /b/{bucket}/storageLayout`: where it lies, for whoever may list its objects. */
export function getStorageLayout(world: World, call: Call): Reply {
  const bucket = bucketNamed(world, param(call, 'bucket'));
  demand(world, call.caller, 'storage.objects.list', bucketResource(bucket.name));
  const { location, locationType } = bucket;
  const hierarchicalNamespace = bucket['hierarchicalNamespace'] ?? { enabled: false };
  return ok({
    ...{ kind: 'storage#storageLayout', bucket: bucket.name, location, locationType },
    hierarchicalNamespace,
  });
}

/** `GET /b?project=`. */
export function listBuckets(world: World, call: Call): Reply {
  const parent = `projects/${call.query.get('project') ?? ''}`;
  const project = demandProject(world, call.caller, parent, 'storage.buckets.list');
  const prefix = call.query.get('prefix') ?? '';
  const items = buckets(world)
    .list()
    .map(([, bucket]) => bucket)
    .filter(({ name, project: owner }) => owner === project.projectId && name.startsWith(prefix))
    .map((bucket) => shownBucket(call, bucket, project.projectNumber));
  return ok({ kind: 'storage#buckets', ...(items.length === 0 ? {} : { items }) });
}

/** `PATCH` lays the body over the bucket (null removes); `PUT` takes the body's fields as they are. */
export function changeBucket(world: World, call: Call): Reply {
  const bucket = demanded(world, call, 'update');
  checkPreconditions(call.query, numbers(bucket), 'write');
  checkEtags(call.headers, bucketEtag(bucket), 'write');
  const changes = Changes.parse(call.body ?? {});
  const { name, project, timeCreated, metageneration } = bucket;
  const fixed = {
    name,
    project,
    timeCreated,
    metageneration: metageneration + 1,
    location: bucket['location'],
    locationType: bucket['locationType'],
    updated: world.now().toISOString(),
  };
  const fields = call.method === 'PATCH' ? mergePatch(bucket, changes) : changes;
  return keep(world, call, Bucket.parse({ storageClass: 'STANDARD', ...fields, ...fixed }));
}

/** `DELETE /b/{bucket}`: 409 while it holds any generation of any object. */
export function deleteBucket(world: World, call: Call): Reply {
  const bucket = demanded(world, call, 'delete');
  checkPreconditions(call.query, numbers(bucket), 'write');
  if (objects(world, bucket.name).list().length > 0) {
    throw conflict('The bucket you tried to delete is not empty.');
  }
  buckets(world).delete(bucket.name);
  dropPolicies(world, bucketResource(bucket.name));
  rmSync(join(world.folder, 'objects', bucket.name), { recursive: true, force: true });
  return { status: 204 };
}

function demanded(world: World, call: Call, verb: string): Bucket {
  const name = param(call, 'bucket');
  const bucket = bucketNamed(world, name);
  demand(world, call.caller, `storage.buckets.${verb}`, bucketResource(name));
  return bucket;
}

function keep(world: World, asked: Asked, bucket: Bucket): Reply {
  buckets(world).set(bucket.name, bucket);
  return shown(world, asked, bucket);
}

function shown(world: World, asked: Asked, bucket: Bucket): Reply {
  const number = projectNamed(world, `projects/${bucket.project}`)?.projectNumber ?? '0';
  return ok(shownBucket(asked, bucket, number));
}

function numbers(bucket: Bucket): { generation: number; metageneration: number } {
  return { generation: 0, metageneration: bucket.metageneration };
}

function conflict(message: string): GoogleError {
  return new GoogleError('ALREADY_EXISTS', message, { reason: 'conflict' });
}
