import type { Deploy } from '../src/deploy.ts';
import { budgetNews } from '../src/notices/budget-news.ts';
import type { BudgetNews, Told } from '../src/notices/budget-news.ts';
import { forgetMessages, waitingMessages } from '../src/notices/budget-messages.ts';
import { budgetStatement } from '../src/notices/budget-statement.ts';
import { addTold, readTold } from '../src/notices/told-budget.ts';
import type { Input, Work } from './edge.ts';

interface Heard extends BudgetNews {
  /** Share of the budget that is spent, by the newest message; null where none says. */
  readonly share: number | null;
  readonly ackIds: readonly string[];
}

/** What the budget says that was not told yet; null where nothing waits or nobody would hear it. */
export async function hearBudget(_d: Deploy, { site, signal }: Work): Promise<Heard | null> {
  const { billingAccount } = site.environment;
  if (billingAccount === undefined || site.config.notify.webhookFile === undefined) return null;
  const messages = await waitingMessages(site, signal);
  if (messages.length === 0) return null;
  const statements = messages.flatMap(({ text }) => budgetStatement(text) ?? []);
  const newest = statements.at(-1);
  return {
    ...budgetNews(statements, await readTold(site)),
    share: newest ? newest.cost / newest.amount : null,
    ackIds: messages.map(({ ackId }) => ackId),
  };
}

interface Telling extends Input {
  readonly told: Told;
  readonly ackIds: readonly string[];
}

/** Writes what was told, then lets go of the messages: in this order nothing is lost. */
export async function settleBudget(
  { told, ackIds }: Telling,
  { site }: Work,
): Promise<Record<string, never>> {
  await addTold(site, told);
  await forgetMessages(site, ackIds);
  return {};
}
