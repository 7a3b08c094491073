import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import { unsigned } from '../src/words.ts';
import type { Act } from '../src/words.ts';
import { instant } from './activities.ts';
import type { StopRequest, UndoVerdict } from './messages.ts';

/** What is said to a run beside its approval, for the ledger; checked where the run is guarded. */
export function hearing(known: () => Deploy) {
  const acts: Act[] = [];
  const hear = (claimed: Act, word: Word): Promise<void> | undefined => {
    const { guarded, environment, runId } = known();
    if (!guarded) return void acts.push(claimed);
    return instant.checkWord({ environment, runId, ...word }).then(
      ({ by, how, checked }) =>
        void acts.push({ ...claimed, by, how, ...(checked && { checked }) }),
      (error: unknown) => {
        throw asRefusal(error);
      },
    );
  };
  return {
    /** All that the run knows, with what was said to it. */
    known: (): Deploy => {
      const state = known();
      return acts.length === 0 ? state : { ...state, acts: [...(state.acts ?? []), ...acts] };
    },
    stop: (said: StopRequest) =>
      hear({ ...unsigned('stop', said), reason: said.reason }, { kind: 'stop', said }),
    verdict: (said: UndoVerdict) => {
      const { step, verdict } = said;
      const reason = verdict.action === 'retry' ? {} : { reason: verdict.reason };
      const claimed = { ...unsigned(verdict.action, said), step, ...reason };
      return hear(claimed, { kind: 'undo', said });
    },
  };
}

type Word =
  | { readonly kind: 'stop'; readonly said: StopRequest }
  | { readonly kind: 'undo'; readonly said: UndoVerdict };

/** What an activity refused, as an update answers it. */
export function asRefusal(error: unknown): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return error;
  const { message, type, details } = cause;
  return ApplicationFailure.nonRetryable(message, type, ...(details ?? []));
}
