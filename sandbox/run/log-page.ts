import { createHmac, timingSafeEqual } from 'node:crypto';
import { ownerToken } from '../google/tokens.ts';
import type { World } from '../world.ts';
import { partsOf, type RevisionRecord, shortName } from './records.ts';

/**
 * The sandbox's page with the log of a revision. A browser has no token to send, so the address
 * itself holds a key that only this world can make.
 */
export function logPage(world: World, { name, service }: RevisionRecord): string {
  const path = [partsOf(name).project, shortName(service), shortName(name)].join('/');
  return `/_sandbox/logs/${path}?key=${keyOf(world, path)}`;
}

/** Whether an address holds the key of its page. */
export function opensLogPage(world: World, path: string, key: string): boolean {
  const wanted = Buffer.from(keyOf(world, path));
  const given = Buffer.from(key);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function keyOf(world: World, path: string): string {
  return createHmac('sha256', ownerToken(world)).update(path).digest('base64url');
}
