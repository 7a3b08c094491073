import type { Site } from '../site.ts';
import { buyIpv4, readIpv4, returnIpv4 } from '../supabase/addons.ts';
import type { Waiting } from '../supabase/access.ts';
import { ipv4Name } from './ipv4-name.ts';

/** Whether the project had the IPv4 add-on; nobody asks where its purchase was not accepted. */
export async function ipv4Before(
  site: Site,
  accept: readonly string[] | undefined,
  ref: string,
): Promise<{ readonly ipv4?: boolean }> {
  if (!accept?.includes(ipv4Name(site))) return {};
  return { ipv4: (await readIpv4(site.supabase, ref)).bought };
}

/** Buys the IPv4 add-on where that was accepted by name and the project has none. */
export async function buyAccepted(
  site: Site,
  accept: readonly string[] | undefined,
  of: Waiting & { readonly ref: string },
): Promise<void> {
  const { ref, ...waiting } = of;
  if (!accept?.includes(ipv4Name(site))) return;
  const { bought } = await readIpv4(site.supabase, ref, waiting);
  if (!bought) await buyIpv4(site.supabase, ref, waiting);
}

/** Gives back what a run has bought: one that the project had before stays. */
export async function returnBought(
  site: Site,
  accept: readonly string[] | undefined,
  before: { readonly ref: string; readonly had: boolean },
): Promise<void> {
  if (before.had || !accept?.includes(ipv4Name(site))) return;
  if ((await readIpv4(site.supabase, before.ref)).bought)
    await returnIpv4(site.supabase, before.ref);
}
