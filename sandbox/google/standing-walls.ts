import { z } from 'zod';
import type { World } from '../world.ts';

/** What the clouds refuse and the sandbox can be told to refuse, or not to, by name. */
export const Wall = z.enum([
  'apis',
  'impersonation',
  'network',
  'allowedPolicyMemberDomains',
  'ipv6',
]);
export type Wall = z.infer<typeof Wall>;

/** windlass.yaml's word on the walls that stand where nothing is said. */
export const DeclaredWalls = z.object({
  apis: z.enum(['on', 'off']).default('on'),
  impersonation: z.enum(['on', 'off']).default('on'),
  network: z.enum(['on', 'off']).default('on'),
  ipv6: z.enum(['on', 'off']).default('on'),
});
const usual = ['apis', 'impersonation', 'ipv6'] as const;

/** Whether a wall stands in this world. */
export function stands(world: World, name: Wall): boolean {
  return walls(world).get(name) === true;
}

/** Whether a wall was lowered by name: for one that stands in every world otherwise. */
export function isLowered(world: World, name: Wall): boolean {
  return walls(world).get(name) === false;
}

/** Raises or lowers a wall. */
export function setWall(world: World, name: Wall, up: boolean): void {
  walls(world).set(name, up);
}

/** In a world without any project the usual walls stand, unless they were lowered by name. */
export function raiseUsual(world: World): void {
  for (const name of usual) if (walls(world).get(name) === undefined) setWall(world, name, true);
}

/** Follows windlass.yaml; a world of before these walls keeps what its projects may do. */
export function declareWalls(world: World, declared: Partial<z.infer<typeof DeclaredWalls>>): void {
  for (const name of [...usual, 'network'] as const) {
    if (declared[name] === 'off') setWall(world, name, false);
    else if (walls(world).get(name) === false) setWall(world, name, true);
  }
}

/** Every wall that was ever raised or lowered, and whether it stands. */
export function allWalls(world: World): Readonly<Record<string, boolean>> {
  return Object.fromEntries(walls(world).list());
}

const walls = (world: World) => world.collection('walls', z.boolean());
