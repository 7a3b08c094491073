import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { siteOf } from '../src/endpoints.ts';
import type { Place } from '../src/endpoints.ts';
import type { Plan, ReleaseRef } from '../src/deploy.ts';
import { guarded } from '../src/causes/guard.ts';
import { asKnown } from '../src/causes/known-failure.ts';
import { Failure, failureText } from '../src/failure.ts';
import { learnOwnSecrets } from '../src/secret-values/learn-own-secrets.ts';
import { redacted, redactedError } from '../src/redaction/redacted.ts';
import { redactedLines } from '../src/redaction/redacted-lines.ts';
import { refuseUnauthorized } from '../src/identity/refuse-unauthorized.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { refusedCode, refusedTexts } from '../src/refused-payload.ts';
import { meddle } from '../src/rehearsal/plant.ts';
import type { Site } from '../src/site.ts';
import type { SiteAddress } from '../src/site-address.ts';
import { behindLoss } from '../src/supabase/behind-loss.ts';
import { beat, interruptionOf } from './interruption.ts';

/** What an activity has at hand besides its input. */
export interface Work {
  readonly site: Site;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  /** Aborts when this worker goes away while the run goes on. */
  readonly leave: AbortSignal;
  /** Says how far the work is; shown in the UI as the heartbeat's details. */
  readonly beat: (progress: string) => void;
  /** Names this piece of work; equal for every attempt of it. */
  readonly key: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** What every activity's input says: where, for which run, of which release once it is known. */
export interface Input {
  readonly environment: string;
  readonly runId: string;
  readonly bundle?: ReleaseRef;
  /** Where that is, from the caller; absent = windlass.yaml beside the worker says it. */
  readonly address?: SiteAddress;
  readonly plan?: Pick<Plan, 'digest' | 'unchanged'>;
}

/**
 * Makes an activity out of a plain function: it beats, listens to cancellation, finds its site,
 * and turns a Failure into what Temporal carries, so that UI, CLI and log show the same lines.
 */
export function edge(place: Place) {
  return <In extends Input, Out>(work: (input: In, work: Work) => Promise<Out>) =>
    async (input: In): Promise<Out> => {
      const context = Context.current();
      const { activityType, attempt } = context.info;
      const interruption = interruptionOf(context);
      let progress = activityType;
      let at: Site | undefined;
      const { stop } = beat(context, () => progress, interruption.stale);
      try {
        const refused = refusedCode(input);
        if (refused) throw new Failure({ code: refused, ...refusedTexts[refused] });
        const here = await siteOf(place, input.environment, input.address);
        at = here;
        const { runId, plan } = input;
        const by = context.info.workflowExecution?.runId;
        await refuseUnauthorized(here, { activity: activityType, runId, by, plan });
        const { cut, hear, through } = meddle(activityType, here);
        const site = input.bundle ? await asReleased(here, input.bundle) : here;
        const { cancelled } = interruption;
        const doing = (): Promise<Out> =>
          work(input, {
            site,
            attempt,
            signal: cut ? AbortSignal.any([cancelled, cut]) : cancelled,
            leave: interruption.leaving,
            key: `${input.runId}/${activityType}`,
            beat: (now) => {
              hear(now);
              context.heartbeat((progress = redacted(now)));
            },
          });
        const { interrupt } = interruption;
        const done = await through(guarded({ name: activityType, attempt, interrupt }, doing));
        return redactedLines(done);
      } catch (error) {
        const reason = interruption.reason();
        if (reason !== undefined) throw reason;
        if (at) await learnOwnSecrets(at);
        throw toApplicationFailure(at ? await behindLoss(at, error) : error, attempt);
      } finally {
        stop();
      }
    };
}

/** A failure as Temporal carries it: type = code, details = why and fix. */
export function toApplicationFailure(thrown: unknown, attempt = 1): ApplicationFailure {
  const error = asKnown(thrown);
  const { code, what, why, fix } = failureText(error);
  return ApplicationFailure.create({
    message: what,
    type: code,
    nonRetryable: error instanceof Failure && error.class === 'undo',
    details: [{ why: why.slice(0, 3000), fix }],
    ...(code === 'SUPABASE_PROJECT_BUSY' && { nextRetryDelay: restartPauseMs(attempt) }),
    ...(error instanceof Error && { cause: redactedError(error) }),
  });
}

/** A project takes minutes to come up: five tries again span more than two of them. */
function restartPauseMs(attempt: number): number {
  return Math.min(5000 * 2 ** (attempt - 1), 60_000);
}
