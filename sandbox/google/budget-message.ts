import { z } from 'zod';
import type { Message } from './pubsub/backlog.ts';

/** What a message says of its budget; `units` are whole dollars, `nanos` billionths. */
export const Budget = z.looseObject({
  name: z.string(),
  displayName: z.string().default(''),
  budgetFilter: z.looseObject({ projects: z.array(z.string()).default([]) }),
  amount: z.looseObject({
    specifiedAmount: z.looseObject({
      currencyCode: z.string(),
      units: z.union([z.string(), z.number()]).default('0').transform(Number),
      nanos: z.number().default(0),
    }),
  }),
  thresholdRules: z
    .array(
      z.looseObject({
        thresholdPercent: z.number(),
        spendBasis: z.string().default('CURRENT_SPEND'),
      }),
    )
    .default([]),
  notificationsRule: z.looseObject({
    pubsubTopic: z.string(),
    schemaVersion: z.string().default('1.0'),
  }),
});
export type Budget = z.infer<typeof Budget>;

interface Spent {
  readonly amount: number;
  readonly forecast: number;
}

/**
 * The message that a budget publishes several times a day, whether or not anything was exceeded
 * (Cloud Billing, "Set up programmatic notifications", schema 1.0).
 */
export function budgetMessage(budget: Budget, spent: Spent, now: Date): Message {
  const { currencyCode, units, nanos } = budget.amount.specifiedAmount;
  const budgetAmount = units + nanos / 1e9;
  const data = {
    budgetDisplayName: budget.displayName,
    alertThresholdExceeded: exceeded(budget, 'CURRENT_SPEND', spent.amount / budgetAmount),
    forecastThresholdExceeded: exceeded(budget, 'FORECASTED_SPEND', spent.forecast / budgetAmount),
    costAmount: spent.amount,
    costIntervalStart: monthStart(now),
    budgetAmount,
    budgetAmountType: 'SPECIFIED_AMOUNT',
    currencyCode,
  };
  return { data: Buffer.from(JSON.stringify(data)).toString('base64'), attributes: named(budget) };
}

/** The highest threshold below the share; undefined where there is none. */
function exceeded({ thresholdRules }: Budget, basis: string, share: number): number | undefined {
  return thresholdRules
    .filter(({ spendBasis, thresholdPercent }) => spendBasis === basis && share > thresholdPercent)
    .map(({ thresholdPercent }) => thresholdPercent)
    .toSorted((a, b) => b - a)[0];
}

function named({ name, notificationsRule }: Budget): Readonly<Record<string, string>> {
  const [, billingAccountId = '', , budgetId = ''] = name.split('/');
  return { billingAccountId, budgetId, schemaVersion: notificationsRule.schemaVersion };
}

const pacific = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: 'America/Los_Angeles', hourCycle: 'h23' },
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
});

/** Billing's months begin at midnight in Mountain View: 7 or 8 o'clock in UTC. */
function monthStart(now: Date): string {
  const { year, month } = clock(now);
  const starts = ['07', '08'].map((hour) => `${year}-${month}-01T${hour}:00:00Z`);
  return starts.find((start) => clock(new Date(start))['hour'] === '00') ?? starts.join();
}

function clock(at: Date): Readonly<Record<string, string>> {
  return Object.fromEntries(pacific.formatToParts(at).map(({ type, value }) => [type, value]));
}
