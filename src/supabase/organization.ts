import { z } from 'zod';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** The slugs of the organizations that the access token opens. */
export async function openOrganizations(
  access: SupabaseAccess,
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const answer = z.array(z.object({ slug: z.string().optional(), id: z.string() }));
  const call = { action: 'list the organizations', path: '/organizations', answer };
  return (await callSupabase(access, call, waiting)).map(({ slug, id }) => slug ?? id);
}
