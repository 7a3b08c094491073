import { z } from 'zod';
import { camelCase } from '../camel-case.ts';
import { invalid } from '../google/http.ts';
import type { Message } from './read-message.ts';

const Fields = z.record(z.string(), z.unknown());

/**
 * The stored message with the fields of a mask taken from the sent one, absent ones cleared;
 * without a mask (or with `*`) the sent message as a whole. Paths may be nested and snake_case.
 */
export function applyMask(stored: Message, sent: Message, mask: string | null): Message {
  if (mask === null || mask === '' || mask === '*') return sent;
  return mask
    .split(',')
    .map((path) => path.trim().split('.').map(camelCase))
    .reduce((merged, path) => copyField(merged, sent, path), stored);
}

/** Refuses a mask with a field that `known` does not know. */
export function checkMask(mask: string | null, known: (field: string) => boolean): void {
  for (const path of (mask ?? '').split(',')) {
    const [first = ''] = path.trim().split('.');
    if (first === '' || first === '*' || known(camelCase(first))) continue;
    throw invalid(`Invalid field mask: unknown field '${first}' in update_mask.`);
  }
}

function copyField(stored: Message, sent: Message, [name = '', ...rest]: string[]): Message {
  const { [name]: before, ...others } = stored;
  const value = sent[name];
  if (rest.length > 0 && value !== undefined) {
    const inner = Fields.safeParse(before).data ?? {};
    return { ...others, [name]: copyField(inner, Fields.parse(value), rest) };
  }
  return value === undefined ? others : { ...others, [name]: value };
}
