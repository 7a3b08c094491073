import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { camelCase } from '../camel-case.ts';
import { Fields } from './fields.ts';
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

/**
 * One page of a list: `pageSize` (default and most 1000) from `pageToken`, which names the item that
 * comes next, so that a list skips nothing when what it has shown is deleted meanwhile.
 */
export function page(
  field: string,
  all: readonly unknown[],
  query: URLSearchParams,
): Record<string, unknown> {
  const start = startOf(all, query.get('pageToken') ?? '');
  const size = Math.min(Number(query.get('pageSize') ?? 0) || 1000, 1000);
  const next = start + size < all.length ? { nextPageToken: tokenOf(all, start + size) } : {};
  const items = all.slice(start, start + size);
  return { ...(items.length === 0 ? {} : { [field]: items }), ...next };
}

const Named = z.looseObject({ name: z.string() });
const Token = z.object({ at: z.number(), name: z.string().optional() });

function tokenOf(all: readonly unknown[], at: number): string {
  const token = { at, name: Named.safeParse(all[at]).data?.name };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

// Where the named item is gone as well, the list begins again: rather twice than never.
function startOf(all: readonly unknown[], text: string): number {
  if (text === '') return 0;
  const { at, name } = readToken(text);
  if (name === undefined) return at;
  return Math.max(
    0,
    all.findIndex((item) => Named.safeParse(item).data?.name === name),
  );
}

function readToken(text: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new GoogleError('INVALID_ARGUMENT', 'The provided page token is invalid.');
  }
}

/**
 * The resource after a PATCH: the fields that `updateMask` names come from the body (absent there =
 * cleared); without a mask the body is laid over the resource.
 */
export function patched(current: Fields, body: unknown, mask: string | null | undefined): Fields {
  const fields = Fields.parse(body ?? {});
  if (mask === null || mask === undefined || mask === '') return { ...current, ...fields };
  return mask
    .split(',')
    .map((path) => path.trim().split('.').map(camelCase))
    .reduce((result, path) => take(result, fields, path), current);
}

function take(current: Fields, body: Fields, path: readonly string[]): Fields {
  const [head = '', ...rest] = path;
  const inner = rest.length === 0 ? body[head] : take(part(current, head), part(body, head), rest);
  const { [head]: _before, ...others } = current;
  return inner === undefined ? others : { ...others, [head]: inner };
}

function part(fields: Fields, name: string): Fields {
  const found = Fields.safeParse(fields[name]);
  return found.success ? found.data : {};
}
