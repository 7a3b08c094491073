import type { BudgetStatement } from './budget-statement.ts';

/** The highest thresholds told of one period and amount; 0 = none yet. */
export interface ToldOnce {
  readonly exceeded: number;
  readonly foreseen: number;
}

/** What was told, by period and amount. */
export type Told = Readonly<Record<string, ToldOnce>>;

/** What is to be told now, and what will have been told then. */
export interface BudgetNews {
  readonly lines: readonly string[];
  readonly told: Told;
}

/**
 * What of the statements, oldest first, was not told yet. Every statement repeats the highest
 * threshold; a cost that sinks and rises again is no news, another amount begins anew.
 */
export function budgetNews(statements: readonly BudgetStatement[], told: Told): BudgetNews {
  return statements.reduce(heard, { lines: [], told });
}

const nothing: ToldOnce = { exceeded: 0, foreseen: 0 };

function heard({ lines, told }: BudgetNews, statement: BudgetStatement): BudgetNews {
  const before = told[statement.key] ?? nothing;
  const exceeded = Math.max(before.exceeded, statement.exceeded ?? 0);
  const foreseen = Math.max(before.foreseen, statement.foreseen ?? 0);
  // Nobody needs a forecast of what has happened.
  const ahead = foreseen > before.foreseen && foreseen > exceeded;
  const fresh = [
    ...(exceeded > before.exceeded ? [`${spent(statement)}: over ${percent(exceeded)}`] : []),
    ...(ahead ? [`${spent(statement)}: forecast to pass ${percent(foreseen)}`] : []),
  ];
  return {
    lines: [...lines, ...fresh],
    told: { ...told, [statement.key]: { exceeded, foreseen } },
  };
}

function spent({ currency, cost, amount, since }: BudgetStatement): string {
  return `${currency} ${money(cost)} of ${money(amount)} spent since ${since}`;
}

function money(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
