import type { Deploy } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { SagaResult } from '../src/saga.ts';
import type { StepProgress } from '../src/step.ts';
import type { approval } from './approval.ts';
import { explainStop } from './explain.ts';
import type { parking } from './parking.ts';

interface Seen {
  readonly known: Deploy;
  readonly steps: readonly StepProgress[];
  readonly result: SagaResult<Deploy> | undefined;
  readonly lot: ReturnType<typeof parking>;
  readonly gate: ReturnType<typeof approval>;
}

/** What a run says of itself at this moment. */
export function reportOf(kind: Report['kind'], { known, steps, result, lot, gate }: Seen): Report {
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

/** A run that ends in one of these has touched nothing. */
const beforeAnything: ReadonlySet<string> = new Set(['plan', 'check', 'approve']);

/** What a run meets that comes to the lease too late: before its first change. */
const leaseRefusals: ReadonlySet<string> = new Set([
  'ENVIRONMENT_BUSY',
  'ENVIRONMENT_DIRTY',
  'PLAN_OUTDATED',
]);
