import type { Report } from '../report.ts';

/**
 * Whether there is nothing more to watch: the run waits for a person, or it has closed. Between its
 * last step and its close it writes the ledger and lets the environment go.
 */
export function isFinal({ outcome }: Report, closed: boolean): boolean {
  if (outcome === 'parked' || outcome === 'waiting-for-approval') return true;
  return closed && outcome !== 'running';
}
