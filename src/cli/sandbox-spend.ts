import { z } from 'zod';
import { Failure } from '../failure.ts';
import { controlSandbox } from '../sandbox-control.ts';

/** What a month of a project costs, in the budget's currency; `forecast` at its end. */
export interface Spending {
  readonly project: string;
  readonly amount: number;
  readonly forecast?: number | undefined;
}

/** Has the running sandbox's budgets of a project publish what was spent; the budgets' names. */
export async function spend(home: string, spending: Spending): Promise<readonly string[]> {
  const response = await controlSandbox(home, '/spend', { method: 'POST', body: spending });
  const said: unknown = await response.json();
  if (response.ok) return z.object({ budgets: z.array(z.string()) }).parse(said).budgets;
  throw unheard(spending.project, Refused.safeParse(said).data?.error.message ?? 'no reason');
}

const Refused = z.object({ error: z.object({ message: z.string() }) });

function unheard(project: string, why: string): Failure {
  return new Failure({
    code: 'BUDGET_SILENT',
    what: `No budget of ${project} can publish a notification`,
    why,
    fix: 'Give the environment a `billingAccount` in windlass.yaml and deploy it to the sandbox.',
  });
}
