import type { StepProgress } from '../../step.ts';
import type { Feed } from '../feed.ts';
import { clockOf, spanOf } from './clock.ts';
import { sayFailure } from './failure.ts';
import { planLines } from './plan-lines.ts';
import { say } from './say.ts';
import { shownSteps } from './shown-steps.ts';
import { asFailed, besides, isUndo, statusWords, tookOf } from './step-lines.ts';

/** Prints one line for every change of a step, with the time of day; a failure at once, in full. */
export async function showLines(feed: Feed): Promise<void> {
  const seen = new Map<string, string>();
  const told = new Set<string>();
  const undoing = new Map<string, number>();
  let planShown = false;
  feed.onReport((report) => {
    if (report.plan && !planShown) {
      planShown = true;
      for (const line of planLines(report.plan, report.kind)) say(line);
    }
    const steps = shownSteps(report);
    for (const step of failedNow(steps, told)) {
      told.add(step.id);
      seen.set(step.id, 'failed');
      say(lineOf(step, steps, undefined));
      if (step.failure) sayFailure(step.failure);
    }
    for (const step of changed(steps, seen)) {
      seen.set(step.id, step.status);
      if (step.status === 'undoing') undoing.set(step.id, Date.now());
      say(lineOf(step, steps, undoing.get(step.id)));
    }
  });
  await feed.until(() => false);
}

/** The steps whose failure was not told yet. */
function failedNow(
  steps: readonly StepProgress[],
  told: ReadonlySet<string>,
): readonly StepProgress[] {
  return steps.flatMap((step) => asFailed(step) ?? []).filter(({ id }) => !told.has(id));
}

/** The steps that changed since the last look: the way forward in order, the way back reversed. */
function changed(
  steps: readonly StepProgress[],
  seen: ReadonlyMap<string, string>,
): readonly StepProgress[] {
  const news = steps.filter(({ id, status }) => status !== 'waiting' && seen.get(id) !== status);
  return [...news.filter((step) => !isUndo(step)), ...news.filter(isUndo).toReversed()];
}

function lineOf(
  step: StepProgress,
  all: readonly StepProgress[],
  undoingSince: number | undefined,
): string {
  const { id, title, status, failure, note } = step;
  const undoTook = status === 'undone' && undoingSince !== undefined;
  const remarks = [
    status === 'stuck' ? failure?.what : status === 'failed' ? undefined : note,
    besides(step, all).length > 0 ? `in parallel with ${besides(step, all).join(', ')}` : undefined,
    undoTook ? spanOf(Date.now() - undoingSince) : tookOf(step),
  ].filter((remark) => remark !== undefined && remark !== '');
  const remark = remarks.length > 0 ? ` (${remarks.join(', ')})` : '';
  return `${clockOf(Date.now())} ${id.padEnd(10)} ${statusWords[status]}: ${title}${remark}`;
}
