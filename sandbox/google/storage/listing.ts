import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { generationsOf } from './generations.ts';
import { number } from './preconditions.ts';
import { bucketNamed, type Generation, objects } from './records.ts';
import { shownObject } from './shown.ts';

/** `GET /b/{bucket}/o` by prefix, delimiter, versions, offsets and pages, in name order. */
export function listObjects(world: World, call: Call): Reply {
  const bucket = param(call, 'bucket');
  bucketNamed(world, bucket);
  demand(world, call.caller, 'storage.objects.list', bucketResource(bucket));
  const names = matching(world, bucket, call.query);
  const prefixes = commonPrefixes(names, call.query);
  const start = Number(call.query.get('pageToken') ?? 0) || 0;
  const size = Math.min(number(call.query, 'maxResults') ?? 1000, 1000);
  const all = names.filter(({ name }) => prefixOf(name, call.query) === undefined);
  const items = all.slice(start, start + size).map((one) => shownObject(bucket, one));
  return ok({
    kind: 'storage#objects',
    ...(items.length === 0 ? {} : { items }),
    ...(prefixes.length === 0 || start > 0 ? {} : { prefixes }),
    ...(start + size < all.length ? { nextPageToken: String(start + size) } : {}),
  });
}

function matching(world: World, bucket: string, query: URLSearchParams): readonly Generation[] {
  const prefix = query.get('prefix') ?? '';
  const from = query.get('startOffset') ?? '';
  const to = query.get('endOffset');
  return objects(world, bucket)
    .list()
    .filter(([name]) => name.startsWith(prefix) && name >= from && (!to || name < to))
    .sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .flatMap(([, stored]) => {
      if (query.get('versions') === 'true') return generationsOf(stored);
      return stored.live === undefined ? [] : [stored.live];
    });
}

function commonPrefixes(found: readonly Generation[], query: URLSearchParams): readonly string[] {
  return [...new Set(found.flatMap(({ name }) => prefixOf(name, query) ?? []))];
}

function prefixOf(name: string, query: URLSearchParams): string | undefined {
  const delimiter = query.get('delimiter') ?? '';
  if (delimiter === '') return undefined;
  const at = name.indexOf(delimiter, (query.get('prefix') ?? '').length);
  return at === -1 ? undefined : name.slice(0, at + delimiter.length);
}
