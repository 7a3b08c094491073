import { styleText } from 'node:util';
import type { Report } from '../../report.ts';
import { sayFailure } from './failure.ts';
import { answer, say } from './say.ts';

/** The end of a run: what happened, where it is, and what to do next. */
export function sayEnd(report: Report, address: string): void {
  say();
  if (report.failure) sayFailure(report.failure);
  say(headline(report));
  for (const { step, failure, reason } of report.left)
    say(`  left behind at ${step}: ${failure.what} (${reason})`);
  for (const line of report.kept) say(`  kept: ${line}`);
  for (const [service, url] of Object.entries(report.urls ?? {}))
    answer(`${service.padEnd(12)} ${url}`);
  say(`run: ${address}`);
  for (const line of nextSteps(report)) say(`next: ${line}`);
}

function headline(report: Report): string {
  const { outcome, environment, kind, failedStep, release } = report;
  const what = `${kind} of ${release ?? 'the working tree'} to ${environment}`;
  switch (outcome) {
    case 'succeeded':
      return styleText('green', done(report, what));
    case 'rejected':
      return styleText('red', `✘ ${what} was refused at ${failedStep}; nothing was touched`);
    case 'rolled-back':
      return styleText('yellow', `↩ ${what} failed at ${failedStep} and was wound back`);
    case 'rolled-back-except':
      return styleText('red', `✘ ${what} failed at ${failedStep}; something is left behind`);
    case 'failed-past-pivot':
      if (kind === 'recover' || kind === 'reconcile')
        return styleText('red', `✘ ${what} stopped at ${failedStep}; nothing was wound back`);
      return styleText(
        'red',
        `✘ ${what} moved the traffic, then failed at ${failedStep}: the new release serves, unverified`,
      );
    case 'parked':
      return styleText('red', `⏸ ${what}: the undo of ${report.parkedAt} waits for you`);
    case 'waiting-for-approval':
      return styleText('yellow', `… ${what} waits for its approval`);
    case 'running':
      return `${what} goes on`;
  }
}

function done({ kind, environment, release, planOnly }: Report, what: string): string {
  if (planOnly) return `✔ ${release} is planned for ${environment}; nothing was touched`;
  if (kind !== 'reconcile') return `✔ ${what} is done`;
  return `✔ ${environment} ${release ? `stands at ${release} again` : 'has no release, as before'}`;
}

function nextSteps(report: Report): readonly string[] {
  const { kind, outcome, environment, parkedAt, plan, planOnly } = report;
  switch (outcome) {
    case 'succeeded':
      if (planOnly) return [`make ${environment}-deploy`];
      return [`make ${environment}-status`, `make ${environment}-rollback`];
    case 'parked':
      return [
        `bin/windlass undo retry ${parkedAt} -e ${environment}`,
        `bin/windlass undo skip ${parkedAt} -e ${environment} --reason '…'`,
      ];
    case 'waiting-for-approval':
      return [`bin/windlass approve ${plan?.digest.slice(0, 12)} -e ${environment}`];
    case 'failed-past-pivot':
      if (kind === 'recover') return [`make ${environment}-recover`];
      return [reconciling(environment)];
    case 'rolled-back-except':
      return [`${reconciling(environment)}   (until then no run may begin)`];
    case 'rejected':
    case 'rolled-back':
    case 'running':
      return [`make ${environment}-status`];
  }
}

function reconciling(environment: string): string {
  return `make ${environment}-recover ARGS=--reconcile`;
}
