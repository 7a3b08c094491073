import { Listr } from 'listr2';
import type { ListrTask } from 'listr2';
import type { Report } from '../../report.ts';
import type { StepProgress, StepStatus } from '../../step.ts';
import type { Feed } from '../feed.ts';
import { planLines } from './plan-lines.ts';
import { shownSteps } from './shown-steps.ts';
import { visible } from './visible.ts';

/** Shows the steps as a live list; what is wound back gets a list of its own. */
export async function showTasks(feed: Feed): Promise<void> {
  const first = await feed.until((report) => report.steps.length > 0);
  if (!first) return;
  const steps = shownSteps(first).map((step) => forwardTask(step, feed));
  const ended = await run(steps, true);
  if (ended) return;
  const unwinding = await feed.until((report) => report.steps.some(isUndo));
  const begun = (unwinding?.steps ?? []).filter(({ startedAt }) => startedAt !== undefined);
  await run(
    begun.toReversed().map((step) => undoTask(step, feed)),
    false,
  );
}

async function run(tasks: ListrTask[], exitOnError: boolean): Promise<boolean> {
  const list = new Listr(tasks, {
    exitOnError,
    rendererOptions: { collapseErrors: false, showErrorMessage: true },
  });
  try {
    await list.run();
    return (list.errors ?? []).length === 0;
  } catch {
    return false; // the failed step is on the screen, and its undo follows
  }
}

function forwardTask({ id, title }: StepProgress, feed: Feed): ListrTask {
  return {
    title,
    task: async (_context, task) => {
      const report = await feed.until((now) => settled(now, id));
      if (report?.plan && id === 'plan')
        task.title = visible(`${title}\n${planLines(report.plan, report.kind).join('\n')}`);
      const step = report?.steps.find((one) => one.id === id);
      if (step?.status === 'skipped') task.skip(visible(`${title}: ${step.note ?? 'skipped'}`));
      if (step?.failure)
        throw new Error(visible(`${title}: ${step.failure.what} [${step.failure.code}]`));
    },
  };
}

function undoTask({ id, title }: StepProgress, feed: Feed): ListrTask {
  return {
    title: `Roll back: ${title}`,
    task: async (_context, task) => {
      const over: readonly StepStatus[] = ['undone', 'kept', 'left', 'stuck'];
      const report = await feed.until((now) => over.includes(statusOf(now, id)));
      const step = report?.steps.find((one) => one.id === id);
      if (step?.status === 'kept') task.skip(visible(`Kept: ${title} (${step.note ?? ''})`));
      if (step?.status === 'stuck' || step?.status === 'left')
        throw new Error(visible(`${title}: ${step.failure?.what ?? 'left behind'}`));
    },
  };
}

/** Whether a step needs no more watching on the way forward. */
function settled(report: Report, id: string): boolean {
  const status = statusOf(report, id);
  return status !== 'waiting' && status !== 'running';
}

function statusOf(report: Report, id: string): StepStatus {
  return report.steps.find((step) => step.id === id)?.status ?? 'waiting';
}

function isUndo({ status }: StepProgress): boolean {
  return ['undoing', 'undone', 'kept', 'stuck', 'left'].includes(status);
}
