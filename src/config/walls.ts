import { z } from 'zod';

const Wall = z.enum(['on', 'off']).default('on');

/** Which walls of the clouds stand in the sandbox. */
export const Walls = z.strictObject({
  apis: Wall.describe('the APIs of a new project are off until they are enabled'),
  impersonation: Wall.describe('nobody makes tokens of a service account without the role for it'),
  network: Wall.describe(
    'each process of a service has a network of its own: it is reached through the proxy alone, and reaches what it is told of on this machine',
  ),
  ipv6: Wall.describe(
    'a database’s own host has an IPv6 address alone, out of reach, unless its IPv4 add-on is bought',
  ),
});
export type Walls = z.infer<typeof Walls>;

/** The names of those that were switched off. */
export function loweredWalls(walls: Walls): readonly string[] {
  return Object.entries(walls).flatMap(([name, word]) => (word === 'off' ? [name] : []));
}
