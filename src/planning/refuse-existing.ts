import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { findSurvivors } from '../stacks/survivors.ts';
import type { PlanJson } from '../terraform/plan-json.ts';

/**
 * Throws RESOURCE_EXISTS where a plan would create what is already there: the apply would fail in
 * its middle, and its undo must never take what others made for its own.
 */
export async function refuseExisting(site: Site, plan: PlanJson): Promise<void> {
  const found = await findSurvivors(site.google, plan);
  if (found.length === 0) return;
  throw new Failure({
    code: 'RESOURCE_EXISTS',
    what: `${found.length} of what the plan would create is already there`,
    why: `no state contains ${found.map(({ id }) => id).join(', ')}`,
    fix: `If it belongs to this environment, \`make ${site.name}-recover\` adopts it; else rename or delete it.`,
  });
}
