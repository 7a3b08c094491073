import type { Report } from '../report.ts';

/** Whether there is nothing more to watch: the run ended, or it waits for a person. */
export function isFinal(report: Report): boolean {
  return report.outcome !== 'running';
}
