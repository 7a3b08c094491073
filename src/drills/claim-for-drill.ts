import { siteIn } from '../endpoints.ts';
import type { Site } from '../site.ts';
import { claimSupabase } from './drill-claim.ts';
import { drilledBy } from './drill-site.ts';

/**
 * In a drill's scratch environment: the Supabase project that was made is written into the drill's
 * claim, so that it alone is deleted at the end. Anywhere else nothing is done.
 */
export async function claimForDrill(site: Site, supabaseRef: string): Promise<void> {
  const { environments } = site.config;
  const drilled = drilledBy(site.name);
  if (drilled === undefined || Object.hasOwn(environments, site.name)) return;
  if (!Object.hasOwn(environments, drilled)) return;
  await claimSupabase(await siteIn(site, site.written, drilled), supabaseRef);
}
