import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { findGeneration, readBytes, theGeneration, writeObject } from './generations.ts';
import { checkPreconditions, number } from './preconditions.ts';
import { bucketNamed, type Generation, ObjectFields } from './records.ts';
import { shownObject } from './shown.ts';

const Changes = z.record(z.string(), z.unknown()).optional();

/** `copyTo`: answers the new object. */
export function copyObject(world: World, call: Call): Reply {
  return ok(shownObject(call, param(call, 'bucket'), copied(world, call)));
}

/** `rewriteTo`: the same work, always done in one call. */
export function rewriteObject(world: World, call: Call): Reply {
  const written = copied(world, call);
  return ok({
    kind: 'storage#rewriteResponse',
    totalBytesRewritten: String(written.size),
    objectSize: String(written.size),
    done: true,
    resource: shownObject(call, param(call, 'bucket'), written),
  });
}

function copied(world: World, call: Call): Generation {
  const [from, source] = [param(call, 'sourceBucket'), param(call, 'sourceObject')];
  const [to, name] = [param(call, 'bucket'), param(call, 'object')];
  bucketNamed(world, from);
  bucketNamed(world, to);
  demand(world, call.caller, 'storage.objects.get', bucketResource(from));
  demand(world, call.caller, 'storage.objects.create', bucketResource(to));
  const wanted = number(call.query, 'sourceGeneration');
  const found = theGeneration(world, from, source, wanted);
  checkPreconditions(call.query, found, 'write', 'Source');
  const before = findGeneration(world, to, name);
  if (before !== undefined) {
    demand(world, call.caller, 'storage.objects.delete', bucketResource(to));
  }
  checkPreconditions(call.query, before, 'write');
  const changes = Changes.parse(call.body);
  const told = changes !== undefined && Object.keys(changes).length > 0;
  const fields = ObjectFields.parse(told ? changes : found);
  return writeObject(world, to, name, { bytes: readBytes(world, from, found.generation), fields });
}
