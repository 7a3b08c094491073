import { expect, test } from 'vitest';
import { budgetNews } from '../../src/notices/budget-news.ts';
import { budgetStatement } from '../../src/notices/budget-statement.ts';
import type { BudgetStatement } from '../../src/notices/budget-statement.ts';

const month = '2026-11-01T07:00:00Z';

/** A statement as Google's budgets write it. */
function said(costAmount: number, more: object = {}): BudgetStatement {
  const text = JSON.stringify({
    ...{ budgetDisplayName: 'windlass production', costAmount, costIntervalStart: month },
    ...{ budgetAmount: 100, budgetAmountType: 'SPECIFIED_AMOUNT', currencyCode: 'USD', ...more },
  });
  const statement = budgetStatement(text);
  if (!statement) throw new Error(`no statement: ${text}`);
  return statement;
}

const over = (share: number) => ({ alertThresholdExceeded: share });
const ahead = (share: number) => ({ forecastThresholdExceeded: share });

test('a cost below every threshold is no news', () => {
  expect(budgetNews([said(12)], {}).lines).toEqual([]);
});

test('a threshold is told once, in words, however often it is repeated', () => {
  const first = budgetNews([said(78.1, over(0.75)), said(79, over(0.75))], {});
  expect(first.lines).toEqual(['USD 78.10 of 100 spent since 2026-11-01: over 75 %']);
  expect(budgetNews([said(80, over(0.75))], first.told)).toEqual({ lines: [], told: first.told });
});

test('each threshold that is passed while nobody looks is told, the oldest first', () => {
  const waiting = [said(55, over(0.5)), said(77.5, over(0.75)), said(104, over(1))];
  expect(budgetNews(waiting, {}).lines).toEqual([
    'USD 55 of 100 spent since 2026-11-01: over 50 %',
    'USD 77.50 of 100 spent since 2026-11-01: over 75 %',
    'USD 104 of 100 spent since 2026-11-01: over 100 %',
  ]);
});

test('a cost that sinks under a threshold and rises again is no news', () => {
  const { told } = budgetNews([said(91, over(0.9))], {});
  expect(budgetNews([said(80, over(0.75)), said(92, over(0.9))], told).lines).toEqual([]);
});

test('a forecast is told apart, once, and never after it has come true', () => {
  const first = budgetNews([said(60, { ...over(0.5), ...ahead(1) })], {});
  expect(first.lines).toEqual([
    'USD 60 of 100 spent since 2026-11-01: over 50 %',
    'USD 60 of 100 spent since 2026-11-01: forecast to pass 100 %',
  ]);
  expect(budgetNews([said(61, { ...over(0.5), ...ahead(1) })], first.told).lines).toEqual([]);
  expect(budgetNews([said(104, { ...over(1), ...ahead(1) })], {}).lines).toEqual([
    'USD 104 of 100 spent since 2026-11-01: over 100 %',
  ]);
});

test('the next month and another amount begin anew', () => {
  const { told } = budgetNews([said(78, over(0.75))], {});
  const december = { ...over(0.75), costIntervalStart: '2026-12-01T08:00:00Z' };
  expect(budgetNews([said(76, december)], told).lines).toHaveLength(1);
  expect(budgetNews([said(151, { ...over(0.75), budgetAmount: 200 })], told).lines).toHaveLength(1);
});

test.each(['', 'hello', '{}', '[]', '{"costAmount":"much"}'])('%j is no statement', (text) => {
  expect(budgetStatement(text)).toBeUndefined();
});
