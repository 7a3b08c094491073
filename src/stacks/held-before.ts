import type { Deploy, StackName } from '../deploy.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { stateObject } from '../state/state-object.ts';
import { readState } from '../state/state-text.ts';

/**
 * Whether a stack's state held resources when the run was planned, such as after a migration from
 * v1 or a lost ledger: those the run has not made. A state that cannot be read any more held some.
 */
export async function heldBefore(
  site: Site,
  { plan, unfinished }: Pick<Deploy, 'plan' | 'unfinished'>,
  stack: StackName,
): Promise<boolean> {
  const marks = plan?.states ?? unfinished?.facts?.statesBefore;
  const generation = marks?.find((one) => one.stack === stack)?.generation ?? null;
  if (generation === null) return false;
  const ref = { ...(await stateObject(site, stack)), generation };
  const content = await readObject(site.google, ref);
  const state = content && readState(String(content));
  return state?.resources.some(({ mode }) => mode === 'managed') ?? true;
}
