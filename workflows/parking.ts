import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { FailureText } from '../src/failure.ts';
import type { Verdict } from '../src/unwind.ts';
import { undoUpdate } from './messages.ts';

/** Where undos that cannot finish wait for an operator's word. */
export function parking() {
  let parked: string | undefined;
  let verdict: Verdict | undefined;
  setHandler(undoUpdate, (said) => void (verdict = said.verdict), {
    validator: ({ step }) => {
      if (parked === step) return;
      throw notParked(step, parked);
    },
  });
  return {
    parkedAt: () => parked,
    park: async (step: string, _failure: FailureText): Promise<Verdict> => {
      parked = step;
      verdict = undefined;
      await condition(() => verdict !== undefined);
      parked = undefined;
      return verdict ?? { action: 'retry' };
    },
  };
}

function notParked(step: string, parked: string | undefined): ApplicationFailure {
  const why = parked ? `the undo that waits is that of ${parked}` : 'no undo of this run waits';
  const fix = parked ? `Say it of ${parked}.` : 'Look at the run: `windlass status`.';
  const what = `There is nothing to decide for ${step}`;
  return ApplicationFailure.nonRetryable(what, 'NOT_PARKED', { why, fix });
}
