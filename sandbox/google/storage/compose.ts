import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { findGeneration, readBytes, theGeneration, writeObject } from './generations.ts';
import { checkPreconditions } from './preconditions.ts';
import { bucketNamed, ObjectFields } from './records.ts';
import { shownObject } from './shown.ts';

const MOST_SOURCES = 32;
const Whole = z.coerce.string();
const Source = z.looseObject({
  name: z.string(),
  generation: Whole.optional(),
  objectPreconditions: z.looseObject({ ifGenerationMatch: Whole.optional() }).nullish(),
});
const Body = z.looseObject({
  sourceObjects: z.array(Source).default([]),
  destination: ObjectFields.optional(),
});

/** `POST /b/{bucket}/o/{object}/compose`: up to 32 objects of one bucket, one after the other. */
export function composeObject(world: World, call: Call): Reply {
  const [bucket, name] = [param(call, 'bucket'), param(call, 'object')];
  bucketNamed(world, bucket);
  const verbs = ['get', 'create'];
  const before = findGeneration(world, bucket, name);
  for (const verb of before === undefined ? verbs : [...verbs, 'delete'])
    demand(world, call.caller, `storage.objects.${verb}`, bucketResource(bucket));
  const { sourceObjects, destination = {} } = Body.parse(call.body ?? {});
  if (sourceObjects.length === 0) throw invalid('You must provide at least one source component.');
  if (sourceObjects.length > MOST_SOURCES)
    throw invalid(
      `The number of source components provided exceeds the maximum (${MOST_SOURCES}).`,
    );
  checkPreconditions(call.query, before, 'write');
  const bytes = Buffer.concat(sourceObjects.map((source) => bytesOf(world, bucket, source)));
  return ok(
    shownObject(call, bucket, writeObject(world, bucket, name, { bytes, fields: destination })),
  );
}

function bytesOf(world: World, bucket: string, source: z.infer<typeof Source>): Buffer {
  const { name, generation, objectPreconditions } = source;
  const wanted = generation === undefined ? undefined : Number(generation);
  const found = theGeneration(world, bucket, name, wanted);
  const match = objectPreconditions?.ifGenerationMatch;
  const query = new URLSearchParams(match === undefined ? {} : { ifGenerationMatch: match });
  checkPreconditions(query, found, 'write');
  return readBytes(world, bucket, found.generation);
}
