import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { siteOf } from '../endpoints.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import type { SiteAddress } from '../site-address.ts';
import { taskQueue } from '../temporal/connect.ts';
import { standingAddress } from './gather.ts';
import { onceKnown, runCode } from './run-code.ts';
import { resultOf } from './result-of.ts';
import { actor } from './options.ts';
import { textsOf } from './texts-of.ts';
import { withClient } from './with-client.ts';

/**
 * Runs a workflow that only looks, beside whatever holds the environment; its result. `addressOf`
 * says by whose rules it works: those of the release in force, unless it is given.
 */
export async function besideRun<T>(
  kind: string,
  environment: string,
  addressOf: (site: Site) => Promise<SiteAddress> = standingAddress,
): Promise<T> {
  return withClient(async (client, _temporal, place) => {
    const site = await siteOf(place, environment);
    const address = await addressOf(site);
    const code = await runCode(place, site);
    try {
      const started = await onceKnown(() =>
        client.workflow.start(kind, {
          workflowId: `${kind}/${environment}/${randomUUID()}`,
          taskQueue,
          args: [{ environment, actor: actor(), address }],
          ...code,
          staticSummary: `${kind} of ${environment} for ${actor()}`,
          memo: { ...code.memo, actor: actor() },
        }),
      );
      const { workflowId, firstExecutionRunId: runId } = started;
      return await resultOf<T>(client, { workflowId, runId });
    } catch (error) {
      throw ownWords(error);
    }
  });
}

/** What the activity itself said, instead of "workflow execution failed". */
export function ownWords(error: unknown): unknown {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  const inner = cause instanceof ActivityFailure ? cause.cause : cause;
  if (!(inner instanceof ApplicationFailure)) return error;
  const code = inner.type ?? 'UNEXPECTED';
  const { why, fix } = textsOf(inner, { why: 'unknown', fix: 'See the Temporal UI.' });
  return new Failure({ code, what: inner.message, why, fix, cause: error });
}
