import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { generationsOf } from './generations.ts';
import { globPattern } from './glob.ts';
import { number } from './preconditions.ts';
import { bucketNamed, type Generation, objects } from './records.ts';
import { retention } from './retention.ts';
import { shownObject } from './shown.ts';

/** One line of a listing: an object or a common prefix, with what it is ordered by. */
interface Entry {
  readonly key: string;
  readonly found?: Generation;
}

/** `GET /b/{bucket}/o` by prefix, delimiter, versions, offsets, glob and pages, in name order. */
export function listObjects(world: World, call: Call): Reply {
  const bucket = param(call, 'bucket');
  bucketNamed(world, bucket);
  demand(world, call.caller, 'storage.objects.list', bucketResource(bucket));
  const after = keyOf(call.query.get('pageToken') ?? '');
  const size = Math.min(number(call.query, 'maxResults') ?? 1000, 1000);
  const left = entriesOf(matching(world, bucket, call.query), call.query)
    .filter(({ key }) => after === '' || byBytes(key, after) > 0)
    .toSorted((a, b) => byBytes(a.key, b.key));
  const shown = left.slice(0, size);
  const items = shown.flatMap(({ found }) => found ?? []);
  const prefixes = shown.filter(({ found }) => found === undefined).map(({ key }) => key);
  const last = left.length > size ? shown.at(-1) : undefined;
  return ok({
    kind: 'storage#objects',
    ...(items.length === 0
      ? {}
      : {
          items: items.map((one) => ({
            ...shownObject(call, bucket, one),
            ...retention(world, bucket, one),
          })),
        }),
    ...(prefixes.length === 0 ? {} : { prefixes }),
    ...(last === undefined ? {} : { nextPageToken: tokenOf(last.key) }),
  });
}

/** `versions` is a boolean in any spelling: Python's clients send `True`. */
const asksVersions = (query: URLSearchParams): boolean =>
  query.get('versions')?.toLowerCase() === 'true';

function matching(world: World, bucket: string, query: URLSearchParams): readonly Generation[] {
  const prefix = query.get('prefix') ?? '';
  const from = query.get('startOffset') ?? '';
  const to = query.get('endOffset');
  const glob = query.get('matchGlob');
  const fits = glob ? globPattern(glob) : /^/;
  return objects(world, bucket)
    .list()
    .filter(([name]) => name.startsWith(prefix) && name >= from && (!to || name < to))
    .filter(([name]) => fits.test(name))
    .flatMap(([, stored]) => {
      if (asksVersions(query)) return generationsOf(stored);
      return stored.live === undefined ? [] : [stored.live];
    });
}

// A page ends after a name, not at a position: what is deleted meanwhile makes it skip nothing.
function entriesOf(found: readonly Generation[], query: URLSearchParams): readonly Entry[] {
  const prefixes = new Set(found.flatMap(({ name }) => prefixOf(name, query) ?? []));
  return [
    ...[...prefixes].map((key) => ({ key })),
    ...found
      .filter(({ name }) => prefixOf(name, query) === undefined)
      .map((one) => ({
        key: `${one.name}\0${String(one.generation).padStart(20, '0')}`,
        found: one,
      })),
  ];
}

function prefixOf(name: string, query: URLSearchParams): string | undefined {
  const delimiter = query.get('delimiter') ?? '';
  if (delimiter === '') return undefined;
  const at = name.indexOf(delimiter, (query.get('prefix') ?? '').length);
  return at === -1 ? undefined : name.slice(0, at + delimiter.length);
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const tokenOf = (key: string): string => Buffer.from(key).toString('base64url');

function keyOf(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (tokenOf(key) === token) return key;
  throw invalid('Invalid value for pageToken.');
}
