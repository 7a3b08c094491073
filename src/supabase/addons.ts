import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** The add-on by which a project's own host is reached over IPv4 too. */
const ipv4 = { type: 'ipv4', variant: 'ipv4_default' } as const;

/** USD a month where the API states none (Supabase, "IPv4 address", 2026-11). */
export const usualIpv4Price = 4;

/** Whether a project has the IPv4 add-on, and what it costs, in USD a month. */
export interface Ipv4 {
  readonly bought: boolean;
  readonly price: number;
}

/** Reads the project's IPv4 add-on; a token that may not see what was bought says nothing of it. */
export async function readIpv4(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<Ipv4> {
  const call = { action: `read the add-ons of ${ref}`, path: pathOf(ref), answer: Addons };
  try {
    const { selected_addons: selected, available_addons: available } = await callSupabase(
      access,
      call,
      waiting,
    );
    const offers = available.flatMap(({ variants }) => variants);
    const offer = offers.find(({ id }) => id === ipv4.variant);
    return {
      bought: selected.some(({ type }) => type === ipv4.type),
      price: offer?.price.amount ?? usualIpv4Price,
    };
  } catch (error) {
    if (error instanceof Failure && hidden.has(error.code))
      return { bought: false, price: usualIpv4Price };
    throw error;
  }
}

/** Buys the IPv4 add-on: it costs from now on. */
export async function buyIpv4(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<void> {
  const body = { addon_type: ipv4.type, addon_variant: ipv4.variant };
  const action = `buy the IPv4 add-on of ${ref}`;
  const call = { action, method: 'PATCH', path: pathOf(ref), body, answer: z.unknown() } as const;
  await callSupabase(access, call, waiting);
}

/** Gives the IPv4 add-on back. */
export async function returnIpv4(access: SupabaseAccess, ref: string): Promise<void> {
  const path = `${pathOf(ref)}/${ipv4.variant}`;
  const action = `give the IPv4 add-on of ${ref} back`;
  await callSupabase(access, { action, method: 'DELETE', path, answer: z.unknown() });
}

function pathOf(ref: string): string {
  return `/projects/${ref}/billing/addons`;
}

const hidden = new Set(['SUPABASE_DENIED', 'SUPABASE_NOT_FOUND']);

const Variant = z.object({ id: z.string(), price: z.object({ amount: z.number() }) });
const Addons = z.object({
  selected_addons: z.array(z.object({ type: z.string() })),
  available_addons: z.array(z.object({ type: z.string(), variants: z.array(Variant) })),
});
