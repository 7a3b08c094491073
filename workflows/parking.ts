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
      const why = parked ? `the undo that waits is ${parked}` : 'no undo waits';
      throw ApplicationFailure.nonRetryable(`Nothing to decide for ${step}: ${why}`, 'NOT_PARKED');
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
