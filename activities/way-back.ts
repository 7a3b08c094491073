import type { Deploy } from '../src/deploy.ts';
import { needed } from '../src/stacks/needed.ts';
import { checkWayBack as check } from '../src/way-back/check-way-back.ts';
import type { Work } from './edge.ts';

/** Refuses a rollback that would fail after its traffic has moved; touches nothing. */
export async function checkWayBack(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const { secretVersions: versions, missingSecrets: missing } = needed(d.plan, 'the plan');
  await check(site, { target: needed(d.target, 'where to go back to'), versions, missing });
  return {};
}
