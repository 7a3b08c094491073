import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../failure.ts';
import { lasting, passingOf } from '../fingerprint/lasting.ts';
import { actingOf } from '../terraform/plan-json.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';

/** Throws where a plan would do anything that the approved one did not, or less; traffic aside. */
export function refuseOtherPlan(approved: PlanJson, again: PlanJson): void {
  const before = deedsOf(approved);
  const after = deedsOf(again);
  const other = [...new Set([...before.keys(), ...after.keys()])].filter(
    (address) => !isDeepStrictEqual(before.get(address), after.get(address)),
  );
  if (other.length === 0) return;
  throw new Failure({
    code: 'PLAN_DIFFERS',
    what: 'The new plan differs from the approved one',
    why: `apart from the traffic it differs in ${other.join(', ')}`,
    fix: 'Deploy again: a new plan shows what changed meanwhile.',
  });
}

/** What a plan would do, by address, without what Google stamps and without the traffic. */
function deedsOf(plan: PlanJson): ReadonlyMap<string, unknown> {
  return new Map(actingOf(plan).map((one) => [one.address, deedOf(one)]));
}

function deedOf({ type, change }: ResourceChange) {
  const { actions, before, after, after_unknown: unknown } = change;
  const isPassing = passingOf(type, before ?? after ?? {});
  return {
    actions,
    before: before && lasting(before, isPassing),
    after: after && lasting(after, isPassing),
    unknown: typeof unknown === 'boolean' ? unknown : lasting(unknown, isPassing),
  };
}
