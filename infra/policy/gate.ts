import type { PlanJson } from '../../src/terraform/plan-json.ts';
import { accessRules } from './access-rules.ts';
import { planRules } from './plan-rules.ts';
import { serviceRules } from './service-rules.ts';
import type { GateContext, Rule } from './rule.ts';

/** A rule that a plan breaks, and where. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly at: readonly string[];
}

/** Every rule of the gate. */
export const rules: readonly Rule[] = [...planRules, ...accessRules, ...serviceRules];

/** Judges a plan; an empty answer lets it pass. */
export function gate(plan: PlanJson, context: GateContext): readonly Violation[] {
  return rules.flatMap(({ id, what, why, fix, check }) => {
    const at = check(plan, context);
    return at.length === 0 ? [] : [{ rule: id, what, why, fix, at }];
  });
}
