import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** The address ranges (CIDR, IPv4 before IPv6) that may connect to the project's database. */
export async function readNetwork(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<readonly string[]> {
  const action = `read the network restrictions of ${ref}`;
  const call = { action, path: `/projects/${ref}/network-restrictions`, answer: Restrictions };
  const { config } = await callSupabase(access, call, waiting);
  return sorted([...(config.dbAllowedCidrs ?? []), ...(config.dbAllowedCidrsV6 ?? [])]);
}

/** Allows exactly these ranges and reads them back; no call where it is already so. Also the undo. */
export async function restrictNetwork(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly allowed: readonly string[] },
  waiting: Waiting = {},
): Promise<{ readonly changed: boolean }> {
  const { ref, allowed } = which;
  if (sameRanges(await readNetwork(access, ref, waiting), allowed)) return { changed: false };
  const path = `/projects/${ref}/network-restrictions/apply`;
  const action = `restrict the network of ${ref}`;
  const call = {
    action,
    method: 'POST',
    path,
    body: bodyOf(allowed),
    answer: z.unknown(),
  } as const;
  await callSupabase(access, call, waiting);
  const now = await readNetwork(access, ref, waiting);
  if (!sameRanges(now, allowed)) throw notKept(ref, now);
  return { changed: true };
}

/** Are these the same ranges, in whatever order? */
export function sameRanges(one: readonly string[], other: readonly string[]): boolean {
  return sorted(one).join() === sorted(other).join();
}

const Restrictions = z.object({
  config: z.object({
    dbAllowedCidrs: z.array(z.string()).optional(),
    dbAllowedCidrsV6: z.array(z.string()).optional(),
  }),
});

function bodyOf(allowed: readonly string[]) {
  return {
    dbAllowedCidrs: allowed.filter((range) => !range.includes(':')),
    dbAllowedCidrsV6: allowed.filter((range) => range.includes(':')),
  };
}

function sorted(ranges: readonly string[]): readonly string[] {
  const version = (range: string) => (range.includes(':') ? 6 : 4);
  return ranges.toSorted((a, b) => version(a) - version(b) || a.localeCompare(b));
}

function notKept(ref: string, now: readonly string[]): Failure {
  return new Failure({
    code: 'SUPABASE_SETTING_NOT_TAKEN',
    what: `Supabase accepted the network restrictions of ${ref} but did not keep them`,
    why: `It allows ${now.join(', ')}.`,
    fix: 'Check that the plan of the project allows network restrictions.',
  });
}
