import { z } from 'zod';

/** What must be removed after a smoke test: a user of Auth, or whatever a service takes away. */
export const Thing = z.union([
  z.strictObject({ user: z.email().describe('address of a user of Auth') }),
  z.strictObject({
    service: z.string(),
    method: z.enum(['DELETE', 'POST', 'PUT', 'PATCH']).default('DELETE'),
    path: z.string().regex(/^\//, 'begins with a slash'),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    name: z.string().optional().describe('what a report calls it, where the path must not be told'),
  }),
]);
export type Thing = z.infer<typeof Thing>;

/** What a report calls it. */
export function nameOfThing(thing: Thing): string {
  if ('user' in thing) return thing.user;
  return thing.name ?? `${thing.service}${thing.path}`;
}
