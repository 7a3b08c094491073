import { clockOf } from '../output/clock.ts';
import { columnLines } from '../output/columns.ts';
import type { ToldRun } from './told-run.ts';

/** One line a run below a line of titles; the reason gets what is left of the width. */
export function historyLines(
  runs: readonly ToldRun[],
  { now, width }: { readonly now: Date; readonly width?: number },
): readonly string[] {
  const titles = ['ENDED', 'KIND', 'WHO', 'OUTCOME', 'RELEASE', 'TOOK', 'WHY'];
  const rows = runs.map((run) => [
    run.endedAt === null ? 'open' : dayOf(run.endedAt, now),
    run.kind,
    run.actor,
    outcomes[run.outcome] ?? run.outcome,
    run.release ?? '-',
    run.seconds === null ? '-' : shortSpan(run.seconds),
    whyOf(run),
  ]);
  return columnLines([titles, ...rows], { most: [11, 10, 8, 11, 14, 6], ...(width && { width }) });
}

/** What an outcome is called in a narrow column. */
const outcomes: Readonly<Record<string, string>> = {
  succeeded: 'done',
  rejected: 'refused',
  'rolled-back': 'rolled back',
  'rolled-back-except': 'left behind',
  'failed-past-pivot': 'unfinished',
  'waiting-for-approval': 'waiting',
};

/** `11-29 19:42` in this year, `2025-11-29` before it, in local time. */
function dayOf(at: string, now: Date): string {
  const date = new Date(at);
  const day = [date.getMonth() + 1, date.getDate()].map(two).join('-');
  if (date.getFullYear() !== now.getFullYear()) return `${date.getFullYear()}-${day}`;
  return `${day} ${clockOf(date).slice(0, 5)}`;
}

/** `42s`, `5m39s`, `2h05m`, `3d04h`. */
function shortSpan(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${two(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d${two(hours % 24)}h`;
}

function whyOf({ reason, failedStep, failure }: ToldRun): string {
  const failed = failedStep === null ? null : `at ${failedStep}${failure ? `: ${failure}` : ''}`;
  return [reason, failed].filter((part) => part !== null).join('; ');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
