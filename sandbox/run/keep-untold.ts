import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Message } from './read-message.ts';

const Fields = z.record(z.string(), z.unknown());

/**
 * The fields after a v1 PUT: what v1 cannot say stays as it is. `shown` is what v1 showed of
 * `before`; where `sent` says the same as `shown`, nothing was asked of that field.
 */
export function keepUntold(before: Message, shown: Message, sent: Message): Message {
  const names = new Set([...Object.keys(before), ...Object.keys(shown), ...Object.keys(sent)]);
  const kept = [...names].map((name) => [name, merged(before[name], shown[name], sent[name])]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function merged(before: unknown, shown: unknown, sent: unknown): unknown {
  if (isDeepStrictEqual(shown, sent)) return before;
  const parts = z.tuple([Fields, Fields, Fields]).safeParse([before, shown, sent]);
  if (parts.success) return keepUntold(...parts.data);
  const lists = z.tuple([z.array(Fields), z.array(Fields), z.array(Fields)]);
  const rows = lists.safeParse([before, shown, sent]);
  if (!rows.success) return sent;
  const [was, seen, asked] = rows.data;
  if (was.length !== seen.length || seen.length !== asked.length) return sent;
  return asked.map((one, at) => keepUntold(was[at] ?? {}, seen[at] ?? {}, one));
}
