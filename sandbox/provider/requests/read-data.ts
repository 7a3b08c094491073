import type { Message } from '../protocol/services.ts';
import { dataSources } from '../data-sources/index.ts';
import type { Call } from '../engine/resource.ts';
import { shaped } from '../engine/shape.ts';
import { pack } from '../engine/value.ts';
import { packedObject } from './request-values.ts';

/** Reads a data source. */
export async function readData(call: Call, request: Message) {
  const source = dataSources.find(({ type }) => type === request['typeName']);
  if (source === undefined)
    throw new Error(`the sandbox's provider has no data source ${String(request['typeName'])}`);
  const state = await source.read(call, packedObject(request['config']) ?? {});
  return { state: pack(shaped(source.fields, state)) };
}
