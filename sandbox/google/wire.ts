import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { GoogleError } from './http.ts';

/** A new etag in the quotes that Google puts around most of them. */
export function freshEtag(): string {
  return `"${randomBytes(7).toString('hex')}"`;
}

/** Refuses a request whose etag is not the one that the resource has now. */
export const etag = {
  check(current: string, sent: string | undefined | null): void {
    if (sent === undefined || sent === null || sent === '' || sent === current) return;
    throw new GoogleError('ABORTED', `The etag ${sent} does not match the resource's ${current}.`);
  },
};

/** One page of a list: `pageSize` (default and most 1000) from `pageToken`. */
export function page<T>(
  field: string,
  all: readonly T[],
  query: URLSearchParams,
): Record<string, unknown> {
  const start = Number(query.get('pageToken') ?? 0) || 0;
  const size = Math.min(Number(query.get('pageSize') ?? 0) || 1000, 1000);
  const next = start + size < all.length ? { nextPageToken: String(start + size) } : {};
  const items = all.slice(start, start + size);
  return { ...(items.length === 0 ? {} : { [field]: items }), ...next };
}

const Fields = z.record(z.string(), z.unknown());

/**
 * The changes of a PATCH: the top-level fields that `updateMask` names (absent in the body = to be
 * cleared, as undefined), or the whole body where there is no mask.
 */
export function masked(body: unknown, mask: string | null | undefined): Record<string, unknown> {
  const fields = Fields.parse(body ?? {});
  if (mask === null || mask === undefined || mask === '') return fields;
  const names = mask.split(',').map((path) => camel(path.trim().split('.')[0] ?? ''));
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
