import type { StepProgress } from '../../step.ts';
import type { Feed } from '../feed.ts';
import { planLines } from './plan-lines.ts';
import { say } from './say.ts';
import { shownSteps } from './shown-steps.ts';

const words: Readonly<Record<StepProgress['status'], string>> = {
  waiting: '',
  running: 'begins',
  done: 'done',
  failed: 'FAILED',
  skipped: 'skipped',
  undoing: 'rolling back',
  undone: 'rolled back',
  kept: 'stays',
  stuck: 'UNDO STUCK',
  left: 'LEFT BEHIND',
};

/** Prints one line for every change of a step, with the time of day. */
export async function showLines(feed: Feed): Promise<void> {
  const seen = new Map<string, string>();
  let planShown = false;
  feed.onReport((report) => {
    if (report.plan && !planShown) {
      planShown = true;
      for (const line of planLines(report.plan, report.kind)) say(line);
    }
    for (const step of changed(shownSteps(report), seen)) {
      seen.set(step.id, step.status);
      say(lineOf(step));
    }
  });
  await feed.until(() => false);
}

/** The steps that changed since the last look: the way forward in order, the way back reversed. */
function changed(
  steps: readonly StepProgress[],
  seen: ReadonlyMap<string, string>,
): readonly StepProgress[] {
  const news = steps.filter(({ id, status }) => status !== 'waiting' && seen.get(id) !== status);
  const isForward = ({ status }: StepProgress): boolean => forward.has(status);
  return [...news.filter(isForward), ...news.filter((step) => !isForward(step)).toReversed()];
}

const forward = new Set<StepProgress['status']>(['running', 'done', 'failed', 'skipped']);

function lineOf({ id, title, status, failure, note }: StepProgress): string {
  const time = new Date().toISOString().slice(11, 19);
  const remark = status === 'failed' || status === 'stuck' ? failure?.what : note;
  return `${time} ${id.padEnd(10)} ${words[status]}: ${title}${remark ? ` (${remark})` : ''}`;
}
