import { z } from 'zod';

const Wall = z.enum(['on', 'off']).default('on');

/** Which walls of Google's stand in the sandbox. */
export const Walls = z.strictObject({
  apis: Wall.describe('the APIs of a new project are off until they are enabled'),
  impersonation: Wall.describe('nobody makes tokens of a service account without the role for it'),
});
export type Walls = z.infer<typeof Walls>;

/** The names of those that were switched off. */
export function loweredWalls(walls: Walls): readonly string[] {
  return Object.entries(walls).flatMap(([name, word]) => (word === 'off' ? [name] : []));
}
