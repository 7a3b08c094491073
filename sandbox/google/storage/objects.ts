import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { download } from './download.ts';
import { deleteObject, findGeneration, saveGeneration, theGeneration } from './generations.ts';
import { mergePatch } from './merge-patch.ts';
import { checkEtags, checkPreconditions, number } from './preconditions.ts';
import { bucketNamed, Generation, ObjectFields } from './records.ts';
import { refuseRetained, retention } from './retention.ts';
import { objectEtag, shownObject } from './shown.ts';

const Changes = z.record(z.string(), z.unknown());

/** `GET /b/{bucket}/o/{object}`: its metadata, or with `alt=media` its bytes. */
export function getObject(world: World, call: Call): Reply {
  const { bucket, name } = demanded(world, call, 'get');
  const wanted = number(call.query, 'generation');
  checkAll(call, findGeneration(world, bucket, name, wanted), 'read');
  const found = theGeneration(world, bucket, name, wanted);
  if (call.query.get('alt') === 'media') return download(world, bucket, found, call);
  return ok({ ...shownObject(call, bucket, found), ...retention(world, bucket, found) });
}

/** `DELETE`: in a versioned bucket the live generation becomes noncurrent. */
export function removeObject(world: World, call: Call): Reply {
  const { bucket, name } = demanded(world, call, 'delete');
  const wanted = number(call.query, 'generation');
  checkAll(call, findGeneration(world, bucket, name, wanted), 'write');
  const found = theGeneration(world, bucket, name, wanted);
  const forGood = wanted !== undefined || bucketNamed(world, bucket).versioning?.enabled !== true;
  if (forGood) refuseRetained(world, bucket, found);
  deleteObject(world, bucket, name, wanted);
  return { status: 204 };
}

/** `PATCH` lays metadata over the object's, `PUT` replaces it; the metageneration rises. */
export function changeObject(world: World, call: Call): Reply {
  const { bucket, name } = demanded(world, call, 'update');
  const wanted = number(call.query, 'generation');
  checkAll(call, findGeneration(world, bucket, name, wanted), 'write');
  const found = theGeneration(world, bucket, name, wanted);
  const changes = Changes.parse(call.body ?? {});
  const before = ObjectFields.parse(found);
  const fields = ObjectFields.parse(
    call.method === 'PATCH' ? mergePatch(before, changes) : changes,
  );
  const cleared = Object.fromEntries(Object.keys(before).map((key) => [key, undefined]));
  const next = Generation.parse({
    ...found,
    ...cleared,
    storageClass: found.storageClass,
    ...fields,
    metageneration: found.metageneration + 1,
    updated: world.now().toISOString(),
  });
  saveGeneration(world, bucket, next);
  return ok(shownObject(call, bucket, next));
}

function checkAll(call: Call, found: Generation | undefined, kind: 'read' | 'write'): void {
  checkPreconditions(call.query, found, kind);
  checkEtags(call.headers, found === undefined ? undefined : objectEtag(found), kind);
}

function demanded(world: World, call: Call, verb: string): { bucket: string; name: string } {
  const bucket = param(call, 'bucket');
  bucketNamed(world, bucket);
  demand(world, call.caller, `storage.objects.${verb}`, bucketResource(bucket));
  return { bucket, name: param(call, 'object') };
}
