import type { World } from '../../world.ts';
import { type Call, GoogleError, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { download } from './download.ts';
import { findGeneration, theGeneration } from './generations.ts';
import { checkPreconditions, headerPreconditions, number } from './preconditions.ts';
import { bucketNamed } from './records.ts';

// The XML API's own names for what went wrong.
const codes: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
};

/** `GET` and `HEAD /{bucket}/{object}`: the read path that Go's storage client takes. */
export function readXml(world: World, call: Call): Reply {
  try {
    return read(world, call);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const code = codes[error.code] ?? 'InternalError';
    const text = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${escape(error.message)}</Message></Error>`;
    const headers = { 'content-type': 'application/xml; charset=UTF-8' };
    return { status: error.code, raw: Buffer.from(text), headers };
  }
}

function read(world: World, call: Call): Reply {
  const [bucket, name] = [param(call, 'bucket'), param(call, 'object')];
  bucketNamed(world, bucket);
  demand(world, call.caller, 'storage.objects.get', bucketResource(bucket));
  const wanted = number(call.query, 'generation');
  const found = findGeneration(world, bucket, name, wanted);
  checkPreconditions(headerPreconditions(call.headers), found, 'read');
  return download(world, bucket, theGeneration(world, bucket, name, wanted), call);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
