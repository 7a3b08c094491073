import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { strangeAnswer } from './refusal.ts';

/** A list of a Google REST API; `of` is the field of a page that holds its items. */
export interface Listing<T> {
  readonly action: string;
  readonly url: string;
  readonly of: string;
  /** An item in our words; throws for one that is not what Google documents. */
  readonly read: (item: unknown) => T;
}

const Page = z.record(z.string(), z.unknown());
const Items = z.array(z.unknown()).default([]);
const Next = z.string().default('');

/** Every item of a list, page after page; a Failure where a page leads to itself or is no page. */
export async function listGoogle<T>(
  access: GoogleAccess,
  listing: Listing<T>,
  waiting: Waiting = {},
): Promise<readonly T[]> {
  const { action, url } = listing;
  const all: T[] = [];
  const seen = new Set<string>();
  let token = '';
  do {
    if (seen.has(token))
      throw strangeAnswer(action, new Error(`the page ${token} leads to itself`));
    seen.add(token);
    const address = new URL(url);
    if (token !== '') address.searchParams.set('pageToken', token);
    const page = await callGoogle(access, { action, url: address.href, answer: Page }, waiting);
    const { items, next } = understood(listing, page);
    all.push(...items);
    token = next;
  } while (token !== '');
  return all;
}

function understood<T>({ action, of, read }: Listing<T>, page: z.infer<typeof Page>) {
  try {
    return { items: Items.parse(page[of]).map(read), next: Next.parse(page['nextPageToken']) };
  } catch (cause) {
    throw strangeAnswer(action, cause);
  }
}
