import type { Site } from '../site.ts';

/** The name by which the purchase of the IPv4 add-on is accepted: it costs every month. */
export function ipv4Name({ environment }: Pick<Site, 'environment'>): string {
  return `ipv4-address:${environment.supabase.project}`;
}
