import { styleText } from 'node:util';
import type { FailureText } from '../../failure.ts';
import type { Report } from '../../report.ts';
import { spanOf } from './clock.ts';
import { sayFailure } from './failure.ts';
import { headline } from './headline.ts';
import { parkedCommands, sayParked } from './parked.ts';
import { answer, say } from './say.ts';
import { asFailed } from './step-lines.ts';

/** What stands below the end of a run. */
interface Below {
  /** Where it is in the Temporal UI. */
  readonly address: string;
  /** How long it took, in milliseconds. */
  readonly tookMs?: number | undefined;
  /** The file of its page. */
  readonly page?: string | undefined;
}

/** The end of a run: what happened, how long it took, where it is, and what to do next. */
export function sayEnd(report: Report, { address, tookMs, page }: Below): void {
  say();
  if (report.failure) sayCause(report.failure, report);
  say(headline(report));
  if (tookMs !== undefined) say(`took: ${spanOf(tookMs)}`);
  if (report.outcome === 'parked') sayParked(report);
  for (const line of reachedLines(report)) say(line);
  for (const { step, failure, reason } of report.left)
    say(`  left behind at ${step}: ${failure.what} (${reason})`);
  for (const line of report.differs ?? []) say(`  not as before: ${line}`);
  for (const line of report.kept) say(`  kept: ${line}`);
  for (const line of report.locks ?? []) say(`  locked: ${line}`);
  for (const [service, url] of Object.entries(report.urls ?? {}))
    answer(`${service.padEnd(12)} ${url}`);
  say(`run: ${address}`);
  if (page !== undefined) say(`report: ${page}`);
  for (const line of nextSteps(report)) say(`next: ${line}`);
}

/** A cause that was said when its step failed is only called to mind. */
function sayCause(failure: FailureText, { steps }: Report): void {
  const said = steps.some((step) => asFailed(step)?.failure?.fix === failure.fix);
  if (said) say(styleText('red', `✘ ${failure.what} [${failure.code}]   (details above)`));
  else sayFailure(failure);
}

/** How far a rollback came that stays where it is. */
function reachedLines({ kind, outcome, steps }: Report): readonly string[] {
  if (kind !== 'rollback' || outcome !== 'failed-past-pivot') return [];
  const of = (...wanted: readonly string[]): string =>
    steps
      .filter(({ status }) => wanted.includes(status))
      .map(({ id }) => id)
      .join(', ');
  return [`  reached: ${of('done')}`, `  not yet: ${of('failed', 'waiting')}`];
}

/** The commands that come next, as they are typed. */
export function nextSteps(report: Report): readonly string[] {
  const { kind, outcome, environment, parkedAt, plan, planOnly, failure } = report;
  switch (outcome) {
    case 'succeeded':
      if (planOnly) return [deploying(report)];
      if (kind === 'destroy') return afterDestroy(report);
      if (kind === 'rollback' || kind === 'reconcile') return [`make ${environment}-status`];
      return [`make ${environment}-status`, `make ${environment}-rollback`];
    case 'parked':
      return parkedCommands(environment, parkedAt ?? '');
    case 'waiting-for-approval':
      return [`bin/windlass approve ${plan?.digest.slice(0, 12)} -e ${environment}`];
    case 'failed-past-pivot':
      if (kind === 'destroy') return [`bin/windlass destroy -e ${environment}   (continues)`];
      if (kind === 'recover') return [`make ${environment}-recover`];
      if (kind === 'rollback')
        return [
          `make ${environment}-rollback   (continues from here; until then no other run can start)`,
        ];
      return [`${reconciling(environment)}   (rolls it back; until then no run can start)`];
    case 'rolled-back-except':
      return [`${reconciling(environment)}   (until then no run can start)`];
    case 'rejected':
      if (failure?.code === 'POINT_OF_NO_RETURN' && kind === 'deploy') return [deploying(report)];
      return [`make ${environment}-status`];
    case 'rolled-back':
    case 'running':
      return [`make ${environment}-status`];
  }
}

/** Anew, or as it was: the latter only where a backup was kept. */
function afterDestroy({ environment, steps }: Report): readonly string[] {
  const backedUp = steps.some(({ id, status }) => id === 'backup' && status === 'done');
  const back = `bin/windlass recover -e ${environment}   (from the backup that was kept)`;
  return [...(backedUp ? [back] : []), `bin/windlass deploy -e ${environment}   (starts anew)`];
}

/** A deploy of what was planned that is not refused for what it cannot undo. */
function deploying({ environment, release, plan }: Report): string {
  const names = plan?.undo.pointsOfNoReturn ?? [];
  if (names.length === 0) return `make ${environment}-deploy`;
  const same = release === undefined ? [] : [`--release ${release}`];
  const flags = [...same, ...names.map((name) => `--accept ${name}`)];
  return `make ${environment}-deploy ARGS='${flags.join(' ')}'`;
}

function reconciling(environment: string): string {
  return `make ${environment}-recover ARGS=--reconcile`;
}
