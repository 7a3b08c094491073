import { styleText } from 'node:util';
import type { Report } from '../../report.ts';

/** What became of a run, in one line. */
export function headline(report: Report): string {
  const { outcome, environment, kind, failedStep, release } = report;
  const what =
    kind === 'destroy'
      ? `destroy of ${environment}`
      : `${kind} of ${release ?? 'the working tree'} to ${environment}`;
  switch (outcome) {
    case 'succeeded':
      return styleText('green', `✔ ${succeeded(report, what)}`);
    case 'rejected':
      return styleText('red', `✘ ${what} was refused at ${failedStep}; nothing was changed`);
    case 'rolled-back':
      return styleText('yellow', `↩ ${what} failed at ${failedStep} and was rolled back`);
    case 'rolled-back-except':
      return styleText('red', `✘ ${what} failed at ${failedStep}; something is left behind`);
    case 'failed-past-pivot':
      if (kind === 'recover' || kind === 'reconcile' || kind === 'destroy')
        return styleText('red', `✘ ${what} stopped at ${failedStep}; nothing was rolled back`);
      if (kind === 'rollback') return styleText('red', `✘ ${what} ${halfWay(report)}`);
      return styleText(
        'red',
        `✘ ${what} moved the traffic, then failed at ${failedStep}: the new revisions serve, unverified`,
      );
    case 'parked':
      return styleText('red', `⏸ ${what}: the undo of ${report.parkedAt} needs your decision`);
    case 'waiting-for-approval':
      return styleText('yellow', `… ${what} waits for approval`);
    case 'running':
      return `${what} continues`;
  }
}

/** Where the traffic of a rollback is that could not finish. */
function halfWay({ steps, failedStep, release }: Report): string {
  const moved = steps.some(({ id, status }) => id === 'traffic' && status === 'done');
  return moved
    ? `moved the traffic, then failed at ${failedStep}; the traffic stays on ${release}`
    : `failed while it moved the traffic; what has moved stays on ${release}`;
}

function succeeded(report: Report, what: string): string {
  const { kind, environment, release, planOnly } = report;
  if (planOnly) return `${release} is planned for ${environment}; nothing was changed`;
  if (kind === 'rollback') return `${environment} is back on ${release}${afterSeconds(report)}`;
  if (kind === 'destroy') return `${environment} is destroyed`;
  if (kind !== 'reconcile') return `${what} is done`;
  return `${environment} ${release ? `is at ${release} again` : 'has no release, as before'}`;
}

/** When the traffic was back, counted from the command: what an outage waits for. */
function afterSeconds({ steps }: Report): string {
  const begun = steps[0]?.startedAt;
  const moved = steps.find(({ id }) => id === 'traffic');
  if (begun === undefined || moved?.startedAt === undefined || moved.endedAt === undefined)
    return '';
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const [after, took] = [moved.endedAt - begun, moved.endedAt - moved.startedAt];
  return `; its traffic was restored after ${seconds(after)} s (moved in ${seconds(took)} s)`;
}
