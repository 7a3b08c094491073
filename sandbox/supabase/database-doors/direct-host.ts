import { isLowered } from '../../google/standing-walls.ts';
import type { ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';

/**
 * Where the project's own host `db.REF.supabase.co` leads. Without the IPv4 add-on it has an IPv6
 * address alone, at which nobody answers from here; a project of an older sandbox has its Postgres
 * at hand.
 */
export function directHost(
  room: Room,
  record: ProjectRecord,
): { readonly host: string; readonly port: number | undefined } {
  if (record.apart !== true) return { host: '127.0.0.1', port: record.ports.database };
  const host = isReachable(room, record) ? '127.0.0.1' : '::1';
  return { host, port: record.ports.direct };
}

/** Whether the project's own host can be reached from a network without IPv6. */
export function isReachable({ world }: Room, { addons = [] }: ProjectRecord): boolean {
  return addons.includes('ipv4_default') || isLowered(world, 'ipv6');
}
