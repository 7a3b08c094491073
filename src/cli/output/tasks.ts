import type { StepProgress } from '../../step.ts';
import type { Feed } from '../feed.ts';
import { sayFailure } from './failure.ts';
import { openLive } from './live.ts';
import { planLines } from './plan-lines.ts';
import { say } from './say.ts';
import { shownSteps } from './shown-steps.ts';
import { asFailed, isUndo } from './step-lines.ts';
import { treeLines } from './tree.ts';
import { visible } from './visible.ts';

/** Shows the steps as a live tree; the plan and a failure are said above it as soon as they are known. */
export async function showTasks(feed: Feed): Promise<void> {
  if (!(await feed.until((report) => report.steps.length > 0))) return;
  const forward = new Map<string, StepProgress>();
  const told = new Set<string>();
  let steps: readonly StepProgress[] = [];
  const live = openLive((columns) =>
    treeLines(steps, { now: Date.now(), doing: feed.doing(), forward, columns }).map(visible),
  );
  feed.onReport((report) => {
    steps = shownSteps(report);
    for (const step of steps) {
      const ahead = asFailed(step) ?? (isUndo(step) ? undefined : step);
      if (ahead) forward.set(step.id, ahead);
    }
    const { plan } = report;
    if (plan) once(told, 'plan', () => planLines(plan, report.kind).forEach(say));
    for (const { id, failure } of steps.flatMap((step) => asFailed(step) ?? []))
      if (failure) once(told, id, () => sayFailure(failure));
  });
  await feed.until(() => false);
  live.stop();
}

function once(told: Set<string>, what: string, tell: () => void): void {
  if (told.has(what)) return;
  told.add(what);
  tell();
}
