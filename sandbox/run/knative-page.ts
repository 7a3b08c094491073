import { z } from 'zod';
import type { Message } from './read-message.ts';

const Named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

/** A list of v1 as its clients page it: `limit` items, and on after the one that `continue` names. */
export function knativePage(
  kind: 'ServiceList' | 'RevisionList',
  all: readonly Message[],
  query: URLSearchParams,
): Message {
  const after = query.get('continue') ?? '';
  const start = after === '' ? 0 : all.findIndex((item) => nameOf(item) === after) + 1;
  const items = all.slice(start, start + (Number(query.get('limit') ?? 0) || all.length));
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < all.length;
  return {
    ...{ apiVersion: 'serving.knative.dev/v1', kind, items },
    metadata: more ? { continue: nameOf(last) } : {},
  };
}

const nameOf = (item: Message): string => Named.parse(item).metadata.name;
