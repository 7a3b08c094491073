import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  patched,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
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
import { detailsOf, phaseOf, windsBack } from './details.ts';
import { explain, explainFor, explainStop } from './explain.ts';
import { hearing } from './heard.ts';
import { reportQuery, stopUpdate } from './messages.ts';
import { leaseOf, noLease } from './lease.ts';
import type { LeaseOfRun } from './lease.ts';
import { leased, marked } from './marked.ts';
import { parking } from './parking.ts';
import { environmentKey, phaseKey, releaseKey } from './search-attributes.ts';
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
  const cancel = (): void => forward.cancel();
  setHandler(stopUpdate, (said) => ear.stop(said)?.then(cancel) ?? cancel(), {
    validator: (said) => {
      believed(said);
      if (result !== undefined || windsBack(steps))
        throw ApplicationFailure.nonRetryable('The run is already rolling back', 'ALREADY_UNDOING');
    },
  });
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
    const missing = `the ledger has no entry of this run: ${explain(error).what}`;
    if (report.outcome === 'rolled-back') return { ...known, differs: [`all: ${missing}`] };
    return { ...known, kept: [...(known.kept ?? []), missing] };
  }
}

interface Seen {
  readonly known: Deploy;
  readonly steps: readonly StepProgress[];
  readonly result: SagaResult<Deploy> | undefined;
  readonly lot: ReturnType<typeof parking>;
  readonly gate: ReturnType<typeof approval>;
}

function reportOf(kind: Report['kind'], { known, steps, result, lot, gate }: Seen): Report {
  const parkedAt = lot.parkedAt();
  const plan = gate.waiting() ?? known.plan;
  const release =
    (kind === 'reconcile' ? known.previous?.release : known.bundle)?.id ?? known.release;
  const { environment } = known;
  const outcome = known.differs ? 'rolled-back-except' : outcomeNow(result, parkedAt, gate);
  return {
    kind,
    environment,
    ...(release !== undefined && { release }),
    ...(known.tree && { tree: known.tree }),
    ...(known.planOnly && { planOnly: true }),
    ...(plan && { plan }),
    ...(known.urls && { urls: known.urls }),
    ...(known.locks && { locks: known.locks }),
    ...(known.acts && { acts: known.acts }),
    ...(parkedAt && { parkedAt }),
    ...(result?.failedStep && { failedStep: result.failedStep }),
    ...(result?.failure && {
      failure: explainStop(result.failure, { kind, environment, outcome }),
    }),
    ...(known.differs && { differs: known.differs }),
    outcome,
    steps,
    left: result?.left ?? [],
    kept: known.kept ?? [],
  };
}

function outcomeNow(
  result: Seen['result'],
  parkedAt: string | undefined,
  gate: Seen['gate'],
): Report['outcome'] {
  if (parkedAt) return 'parked';
  if (!result) return gate.waiting() ? 'waiting-for-approval' : 'running';
  const refused = leaseRefusals.has(result.failure?.code ?? '');
  const touched = !beforeAnything.has(result.failedStep ?? '') && !refused;
  return result.outcome === 'rolled-back' && !touched ? 'rejected' : result.outcome;
}

/** Also of a rollback that began before its table said so; histories that wound back still do. */
function trafficStays(kind: Report['kind'], begun: readonly string[]): boolean {
  return kind === 'rollback' && begun.includes('traffic') && patched('rollback-traffic-stays');
}

/** A run that ends in one of these has touched nothing. */
const beforeAnything: ReadonlySet<string> = new Set(['plan', 'check', 'approve']);

/** What a run meets that comes to the lease too late: before its first change. */
const leaseRefusals: ReadonlySet<string> = new Set([
  'ENVIRONMENT_BUSY',
  'ENVIRONMENT_DIRTY',
  'PLAN_OUTDATED',
]);

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

function lastPhase({ planOnly, outcome }: Report): string {
  return planOnly && outcome === 'succeeded' ? 'planned' : outcome;
}

function tellPhase(known: Deploy, phase: string): void {
  upsertSearchAttributes([
    { key: environmentKey, value: known.environment },
    { key: phaseKey, value: phase },
    ...(known.bundle ? [{ key: releaseKey, value: known.bundle.id }] : []),
  ]);
}
