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
import { process } from './activities.ts';
import { announceEnd, announceParked } from './announce.ts';
import type { approval } from './approval.ts';
import { detailsOf, phaseOf, windsBack } from './details.ts';
import { explain, explainFor } from './explain.ts';
import { reportQuery, stopUpdate } from './messages.ts';
import { marked } from './marked.ts';
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
  let known: Deploy = { ...request, runId: workflowInfo().runId };
  const lot = parking();
  const forward = new CancellationScope();
  const report = (): Report => reportOf(kind, { known, steps, result, lot, gate });

  setHandler(reportQuery, report);
  setHandler(stopUpdate, (_request) => forward.cancel(), {
    validator: (_request) => {
      if (result !== undefined || windsBack(steps))
        throw ApplicationFailure.nonRetryable('The run already winds back', 'ALREADY_UNDOING');
    },
  });
  const show = (now: readonly StepProgress[], state: Deploy): void => {
    if (phaseOf(now) !== phaseOf(steps)) tellPhase(state, now);
    steps = now;
    known = state;
    setCurrentDetails(detailsOf(steps, state));
  };

  result = await forward.run(() =>
    runSaga(timed(kind === 'reconcile' ? rows : marked(rows, kind)), known, {
      onProgress: show,
      now: () => Date.now(),
      shield: (work) => CancellationScope.nonCancellable(work),
      explain: explainFor(kind),
      stays: (begun) => trafficStays(kind, begun),
      park: async (step, failure) => {
        await announceParked({ kind, known }, step.id, failure);
        return lot.park(step.id, failure);
      },
    }),
  );
  known = result.state;
  if (stepsTouched(steps).length > 0)
    known = await CancellationScope.nonCancellable(() => recorded(known, report()));
  await announceEnd(report(), known);
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return end(report(), result.error);
}

/** Writes the run into the ledger; where that fails, the report says so and the marker stays. */
async function recorded(known: Deploy, report: Report): Promise<Deploy> {
  try {
    return { ...known, ...(await process.recordOutcome({ ...known, ending: endingOf(report) })) };
  } catch (error) {
    const missing = `the ledger has no entry of this run: ${explain(error).what}`;
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
  return {
    kind,
    environment: known.environment,
    ...(release !== undefined && { release }),
    ...(known.tree && { tree: known.tree }),
    ...(known.planOnly && { planOnly: true }),
    ...(plan && { plan }),
    ...(known.urls && { urls: known.urls }),
    ...(known.locks && { locks: known.locks }),
    ...(parkedAt && { parkedAt }),
    ...(result?.failedStep && { failedStep: result.failedStep }),
    ...(result?.failure && { failure: result.failure }),
    ...(known.differs && { differs: known.differs }),
    outcome: known.differs ? 'rolled-back-except' : outcomeNow(result, parkedAt, gate),
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
  const touched = !beforeAnything.has(result.failedStep ?? '');
  return result.outcome === 'rolled-back' && !touched ? 'rejected' : result.outcome;
}

/** Also of a rollback that began before its table said so; histories that wound back still do. */
function trafficStays(kind: Report['kind'], begun: readonly string[]): boolean {
  return kind === 'rollback' && begun.includes('traffic') && patched('rollback-traffic-stays');
}

/** A run that ends in one of these has touched nothing. */
const beforeAnything: ReadonlySet<string> = new Set(['plan', 'check', 'approve']);

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

function tellPhase(known: Deploy, steps: readonly StepProgress[]): void {
  upsertSearchAttributes([
    { key: environmentKey, value: known.environment },
    { key: phaseKey, value: phaseOf(steps) },
    ...(known.bundle ? [{ key: releaseKey, value: known.bundle.id }] : []),
  ]);
}
