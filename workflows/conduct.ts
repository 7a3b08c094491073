import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  patched,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Deploy, DeployRequest } from '../src/deploy.ts';
import { endingOf } from '../src/ending.ts';
import type { Report } from '../src/report.ts';
import { runSaga } from '../src/saga.ts';
import type { SagaResult } from '../src/saga.ts';
import type { Row, StepProgress } from '../src/step.ts';
import { stepsTouched } from '../src/touched.ts';
import type { FailureText } from '../src/failure.ts';
import type { Verdict } from '../src/unwind.ts';
import { process } from './activities.ts';
import { announceEnd, announceParked } from './announce.ts';
import type { approval } from './approval.ts';
import { believed } from './believed.ts';
import { detailsOf, windsBack } from './details.ts';
import { explain, explainFor } from './explain.ts';
import { hearing } from './heard.ts';
import { reportQuery, stopUpdate } from './messages.ts';
import { leaseOf, noLease } from './lease.ts';
import type { LeaseOfRun } from './lease.ts';
import { leased, marked } from './marked.ts';
import { parking } from './parking.ts';
import { lastPhase, phaseOf, tellPhase } from './phase.ts';
import { reportOf } from './report-of.ts';
import { timed } from './timed.ts';

interface Performance {
  readonly kind: Report['kind'];
  readonly request: DeployRequest;
  readonly rows: readonly Row<Deploy>[];
  readonly gate: ReturnType<typeof approval>;
}

/** Runs a table as a workflow: progress in the UI, updates answered, the outcome as its end. */
export async function conduct({ kind, request, rows, gate }: Performance): Promise<Report> {
  let steps: readonly StepProgress[] = [];
  let result: SagaResult<Deploy> | undefined;
  // Asked once, at the beginning: a run that began without a lease ends without one.
  const withLease = !request.planOnly && patched('lease');
  const lease = withLease ? leaseOf(kind) : noLease;
  let known: Deploy = {
    ...request,
    runId: workflowInfo().runId,
    ...(withLease && { leased: true }),
  };
  const ear = hearing(() => known);
  const lot = parking(ear.verdict);
  const forward = new CancellationScope();
  const report = (): Report => reportOf(kind, { known: ear.known(), steps, result, lot, gate });

  setHandler(reportQuery, report);
  listenForStop(ear, forward, () => result !== undefined || windsBack(steps));
  const show = (now: readonly StepProgress[], state: Deploy): void => {
    if (phaseOf(now) !== phaseOf(steps)) tellPhase(state, phaseOf(now));
    steps = now;
    known = state;
    tell();
  };
  const tell = (): void => {
    const beside = { waiting: gate.waiting(), over: result !== undefined };
    setCurrentDetails(detailsOf(steps, ear.known(), beside));
  };
  gate.onWaiting(tell);

  const table = kind === 'reconcile' ? rows : marked(rows, kind);
  result = await forward.run(() =>
    runSaga(timed(withLease ? leased(table, lease.ensure) : table), known, {
      onProgress: show,
      now: () => Date.now(),
      shield: (work) => CancellationScope.nonCancellable(work),
      explain: explainFor(kind),
      stays: (begun) => trafficStays(kind, begun),
      park: (step, failure) => parked({ kind, known, lease, lot }, step.id, failure),
    }),
  );
  known = result.state;
  const touched = hasTouched(report());
  await CancellationScope.nonCancellable(async () => {
    if (touched) known = await recorded(ear.known(), report());
    await lease.end(known, touched);
  });
  tell();
  if (patched('phase-at-the-end')) tellPhase(known, lastPhase(report()));
  await announceEnd(report(), known);
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return end(report(), result.error);
}

/** A stop cancels what goes forward; what goes back is not stopped. */
function listenForStop(
  ear: ReturnType<typeof hearing>,
  forward: CancellationScope,
  goesBack: () => boolean,
): void {
  const cancel = (): void => forward.cancel();
  setHandler(stopUpdate, (said) => ear.stop(said)?.then(cancel) ?? cancel(), {
    validator: (said) => {
      believed(said);
      if (goesBack())
        throw ApplicationFailure.nonRetryable('The run is already rolling back', 'ALREADY_UNDOING');
    },
  });
}

interface Waiting {
  readonly kind: Report['kind'];
  readonly known: Deploy;
  readonly lease: LeaseOfRun;
  readonly lot: ReturnType<typeof parking>;
}

/** Waits for an operator's word; where another run took over there is nothing to decide. */
async function parked(
  { kind, known, lease, lot }: Waiting,
  step: string,
  failure: FailureText,
): Promise<Verdict> {
  if (failure.code === 'LEASE_LOST') return { action: 'skip', reason: failure.why };
  await lease.park(known);
  await announceParked({ kind, known }, step, failure);
  const verdict = await lot.park(step, failure);
  await lease.resume(known);
  return verdict;
}

/** Whether there is something to write into the ledger: never of a plan. */
function hasTouched({ planOnly, outcome, steps }: Report): boolean {
  return !planOnly && outcome !== 'rejected' && stepsTouched(steps).length > 0;
}

/** Writes the run into the ledger; where that fails, the report says so and the marker stays. */
async function recorded(known: Deploy, report: Report): Promise<Deploy> {
  try {
    return { ...known, ...(await process.recordOutcome({ ...known, ending: endingOf(report) })) };
  } catch (error) {
    const { code, what } = explain(error);
    const missing = `the ledger has no entry of this run: ${what}`;
    // Without a lease nothing was marked, or another run has taken it over.
    if (report.outcome === 'rolled-back' && code !== 'LEASE_LOST')
      return { ...known, differs: [`all: ${missing}`] };
    return { ...known, kept: [...(known.kept ?? []), missing] };
  }
}

/** Also of a rollback that began before its table said so; histories that wound back still do. */
function trafficStays(kind: Report['kind'], begun: readonly string[]): boolean {
  return kind === 'rollback' && begun.includes('traffic') && patched('rollback-traffic-stays');
}

function end(report: Report, error: unknown): Report {
  if (report.outcome === 'succeeded') return report;
  // A stop winds back as a failure does; only a cancelled workflow ends as cancelled.
  if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
  const what = report.failure?.what ?? 'The run failed';
  throw ApplicationFailure.nonRetryable(
    `${what} (${report.outcome} at step ${report.failedStep ?? '?'})`,
    typeOf(report),
    report,
  );
}

function typeOf({ outcome }: Report): string {
  if (outcome === 'rejected') return 'Rejected';
  return outcome === 'rolled-back' ? 'RolledBack' : 'LeftBehind';
}
