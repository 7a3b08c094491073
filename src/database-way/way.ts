import type { Site } from '../site.ts';
import { readIpv4 } from '../supabase/addons.ts';
import { directConnection, pooledConnection } from '../supabase/database.ts';
import type { DatabaseAddress } from '../supabase/database.ts';
import type { Waiting } from '../supabase/access.ts';

/** By which address the environment's database is reached. */
export type Way = 'direct' | 'pooler';

/** What windlass.yaml says of it; `auto` where it says nothing. */
export function statedWay({ environment }: Pick<Site, 'environment'>): 'auto' | Way {
  return environment.supabase.connection ?? 'auto';
}

/** The stated way; of itself the project's own host where that has an IPv4 address, else the pooler. */
export async function wayTo(site: Site, ref: string, waiting: Waiting = {}): Promise<Way> {
  const stated = statedWay(site);
  if (stated !== 'auto') return stated;
  const { bought } = await readIpv4(site.supabase, ref, waiting);
  return bought ? 'direct' : 'pooler';
}

/** Where Windlass and the services log in: always a session of their own. */
export async function databaseAddress(
  site: Site,
  ref: string,
  waiting: Waiting = {},
): Promise<DatabaseAddress> {
  return addressBy(site, { ref, way: await wayTo(site, ref, waiting) }, waiting);
}

/** Where the database is by one way or the other, whichever is taken. */
export async function addressBy(
  site: Site,
  { ref, way }: { readonly ref: string; readonly way: Way },
  waiting: Waiting = {},
): Promise<DatabaseAddress> {
  return way === 'direct'
    ? directConnection(site.supabase, ref, waiting)
    : pooledConnection(site.supabase, ref, waiting);
}
