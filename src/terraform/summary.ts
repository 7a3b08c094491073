import type { PlanJson, ResourceChange } from './plan-json.ts';

export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
}

/** What a plan would do, small enough for a receipt; a replacement counts as add and destroy. */
export interface PlanSummary {
  readonly stack: string;
  /** Of the saved plan; approval names it. */
  readonly sha256: string;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly import: number;
  readonly forget: number;
  /** Everything that changes; what stays as it is is left out. */
  readonly resources: readonly PlannedResource[];
  /** USD a month for what the plan leaves behind, used or not. */
  readonly fixedMonthlyUsd: number;
}

/** Sums a plan up. The stream's own summary will not do: it leaves out what is forgotten. */
export function summarizePlan(
  plan: PlanJson,
  about: Pick<PlanSummary, 'stack' | 'sha256' | 'fixedMonthlyUsd'>,
): PlanSummary {
  const changes = plan.resource_changes.filter((one) => one.mode === 'managed' && matters(one));
  const count = (action: string): number =>
    changes.filter((one) => one.change.actions.some((each) => each === action)).length;
  return {
    ...about,
    add: count('create'),
    change: count('update'),
    destroy: count('delete'),
    import: changes.filter((one) => one.change.importing !== undefined).length,
    forget: count('forget'),
    resources: changes.map(({ address, type, change }) => ({
      address,
      type,
      actions: change.actions,
    })),
  };
}

function matters({ change }: ResourceChange): boolean {
  return change.importing !== undefined || change.actions.some((action) => action !== 'no-op');
}
