import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { FailureText } from '../src/failure.ts';
import type { Verdict } from '../src/unwind.ts';
import { believed } from './believed.ts';
import { undoUpdate } from './messages.ts';
import type { UndoVerdict } from './messages.ts';

/** Where undos that cannot finish wait for an operator's word; `hear` checks who says it. */
export function parking(hear: (said: UndoVerdict) => Promise<void> | undefined) {
  let parked: string | undefined;
  let verdict: Verdict | undefined;
  const refuseOther = (said: UndoVerdict): void => {
    const { step } = believed(said);
    if (parked !== step) throw notParked(step, parked);
  };
  const settle = async (said: UndoVerdict, hearing: Promise<void>): Promise<void> => {
    await hearing;
    refuseOther(said); // another word may have come while this one was checked
    verdict = said.verdict;
  };
  const take = (said: UndoVerdict): Promise<void> | void => {
    const hearing = hear(said);
    if (hearing !== undefined) return settle(said, hearing);
    verdict = said.verdict;
  };
  setHandler(undoUpdate, take, { validator: refuseOther });
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
  const why = parked ? `the parked undo is that of ${parked}` : 'no undo of this run is parked';
  const fix = parked ? `Use ${parked}.` : 'Check the run: `windlass status`.';
  const what = `There is nothing to decide for ${step}`;
  return ApplicationFailure.nonRetryable(what, 'NOT_PARKED', { why, fix });
}
