import type { PlanJson, ResourceChange } from '../../src/terraform/plan-json.ts';

/** What the rules compare a plan with. */
export interface GateContext {
  readonly project: string;
  readonly regions: readonly string[];
  /** The services that everybody may call. */
  readonly gateways: readonly string[];
  readonly production: boolean;
  /** Addresses that may be deleted: what this very run created, for its undo. */
  readonly mayDelete?: readonly string[];
}

/** One rule of the gate; `check` names everything that breaks it. */
export interface Rule {
  readonly id: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly check: (plan: PlanJson, context: GateContext) => readonly string[];
}

/** A change of a managed resource that leaves it there, and its values afterwards. */
export interface Kept {
  readonly address: string;
  readonly type: string;
  readonly after: Readonly<Record<string, unknown>>;
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** The resources of these types as the plan leaves them; all types where none is named. */
export function kept(plan: PlanJson, type: RegExp): readonly Kept[] {
  return managed(plan).flatMap(({ address, type: found, change }) => {
    if (change.after === null || !type.test(found)) return [];
    const unknown = typeof change.after_unknown === 'boolean' ? {} : change.after_unknown;
    return [{ address, type: found, after: change.after, unknown }];
  });
}

/** The changes of managed resources, data sources left out. */
export function managed(plan: PlanJson): readonly ResourceChange[] {
  return plan.resource_changes.filter((change) => change.mode === 'managed');
}

/** The value of an attribute as a text; undefined where it is not one. */
export function text(values: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = values[key];
  return typeof value === 'string' ? value : undefined;
}
