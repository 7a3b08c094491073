import { z } from 'zod';

/** What a budget says several times a day; thresholds are shares of the amount (0.75 is 75 %). */
export interface BudgetStatement {
  /** The budget's period and amount: what was exceeded in it is told once. */
  readonly key: string;
  /** The day on which the period began, such as 2026-11-01. */
  readonly since: string;
  readonly cost: number;
  readonly amount: number;
  readonly currency: string;
  /** The highest threshold that the cost has exceeded. */
  readonly exceeded?: number | undefined;
  /** The highest threshold that the forecast has exceeded. */
  readonly foreseen?: number | undefined;
}

/** Cloud Billing, "Set up programmatic notifications", schema 1.0. */
const Data = z.object({
  costAmount: z.number(),
  costIntervalStart: z.string(),
  budgetAmount: z.number(),
  currencyCode: z.string(),
  alertThresholdExceeded: z.number().optional(),
  forecastThresholdExceeded: z.number().optional(),
});

/** The statement in a message's text; undefined where it is none. */
export function budgetStatement(text: string): BudgetStatement | undefined {
  const parsed = Data.safeParse(jsonOr(text));
  if (!parsed.success) return undefined;
  const { costIntervalStart, costAmount: cost, budgetAmount: amount, ...rest } = parsed.data;
  return {
    key: `${costIntervalStart} ${rest.currencyCode} ${amount}`,
    since: costIntervalStart.slice(0, 10),
    ...{ cost, amount, currency: rest.currencyCode },
    exceeded: rest.alertThresholdExceeded,
    foreseen: rest.forecastThresholdExceeded,
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
