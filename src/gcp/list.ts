import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';

/** A list of a Google REST API; `of` is the field of a page that holds its items. */
export interface Listing {
  readonly action: string;
  readonly url: string;
  readonly of: string;
}

const Page = z.record(z.string(), z.unknown());
const Items = z.array(z.unknown()).default([]);
const Next = z.string().default('');

/** Every item of a list, page after page, as Google wrote them. */
export async function listGoogle(
  access: GoogleAccess,
  { action, url, of }: Listing,
  waiting: Waiting = {},
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  let token = '';
  do {
    const address = new URL(url);
    if (token !== '') address.searchParams.set('pageToken', token);
    const page = await callGoogle(access, { action, url: address.href, answer: Page }, waiting);
    all.push(...Items.parse(page[of]));
    token = Next.parse(page['nextPageToken']);
  } while (token !== '');
  return all;
}
