import { isGrpcServiceError } from '@temporalio/client';
import { chainOf } from '../causes/chain.ts';
import { Failure } from '../failure.ts';

// https://grpc.github.io/grpc/core/md_doc_statuscodes.html
const away: ReadonlySet<number> = new Set([
  1, // CANCELLED: the connection went while the answer was on its way
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  13, // INTERNAL: a stream that was cut
  14, // UNAVAILABLE
]);

/** Whether an error says that Temporal does not answer, and not what it answered. */
export function isTemporalAway(error: unknown): boolean {
  return chainOf(error).some((one) => isGrpcServiceError(one) && away.has(one.code));
}

/** Temporal went away while somebody watched a run, and stays away. */
export function temporalLost(environment: string, cause: unknown): Failure {
  const [root] = chainOf(cause).toReversed();
  return new Failure({
    code: 'TEMPORAL_LOST',
    what: 'Temporal no longer responds; the run is paused until it does',
    why: root instanceof Error ? root.message : String(root),
    fix: `Start Temporal again, then \`bin/windlass status -e ${environment} --watch\` follows the run.`,
    class: 'retry',
    cause,
  });
}
