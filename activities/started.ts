import { Context } from '@temporalio/activity';
import type { Deploy } from '../src/deploy.ts';
import { admitFirst, admitStart } from '../src/identity/admit-start.ts';
import type { Start } from '../src/identity/admit-start.ts';
import type { Work } from './edge.ts';

type Plan = (d: Deploy, work: Work) => Promise<Partial<Deploy>>;

/**
 * The same plan, once it is known who starts the run: nothing is made for a start that nobody signed who
 * may. A deploy that only plans needs nobody: it touches nothing.
 */
export function started(kind: Start['kind'], plan: Plan): Plan {
  return async (d, work) => {
    if (kind === 'deploy' && d.planOnly) return plan(d, work);
    const { activityId, workflowExecution } = Context.current().info;
    const by = workflowExecution?.runId;
    const start: Start = { kind, request: d, runId: d.runId, by, work: activityId };
    const admitted = await admitStart(work.site, start);
    const learned = await plan(d, work);
    return { ...learned, ...(admitted ?? (await admitFirst(work.site, start, learned.bundle))) };
  };
}
