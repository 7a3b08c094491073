import { z } from 'zod';
import type { World } from '../../world.ts';
import { invalid } from '../http.ts';

const Options = z.looseObject({
  secret: z.string().optional(),
  after: z.number().int().nonnegative().default(2),
});

/**
 * The fault `foundation`: one secret's policy is refused for good, while the others go through. It
 * is the secret named in the options, else the first one after `after` (default 2) good calls.
 */
export function refuseByFault(world: World, secret: string): void {
  const fault = world.faults.get('foundation');
  if (fault === undefined) return;
  const options = Options.parse(fault);
  if (options.secret === undefined && options.after > 0) {
    world.faults.set('foundation', { ...fault, after: options.after - 1 });
    return;
  }
  const chosen = options.secret ?? secret;
  if (chosen !== secret && !secret.endsWith(`/secrets/${chosen}`)) return;
  if (options.secret === undefined) world.faults.set('foundation', { ...fault, secret });
  world.faults.take('foundation');
  throw invalid(`The policy of ${secret} was refused (sandbox fault "foundation").`);
}
