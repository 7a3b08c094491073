import type { runSaga, SagaResult } from '../../../src/saga.ts';
import { sideBySide } from '../../../src/step.ts';
import type { Row, Step } from '../../../src/step.ts';

type Fault =
  | 'undo registered after the do'
  | 'undone in the order of beginning'
  | 'undone at the first failure';

/** A saga as they are often written, with one mistake: the simulation has to notice each. */
export function brokenSaga(fault: Fault): typeof runSaga {
  return async (rows, begin, around) => {
    let state = begin;
    const begun: Step<typeof state>[] = [];
    const forward = async (step: Step<typeof state>): Promise<void> => {
      if (fault !== 'undo registered after the do') begun.push(step);
      state = { ...state, ...(await step.run(state)) };
      if (fault === 'undo registered after the do') begun.push(step);
    };
    const undo = async (step: Step<typeof state>): Promise<void> => {
      if (typeof step.undo !== 'function') return;
      await step.undo(state).catch(async (error: unknown) => {
        await around.park(step, around.explain(error));
        await undo(step);
      });
    };
    const end = (outcome: SagaResult<typeof state>['outcome']): SagaResult<typeof state> => ({
      ...{ outcome, state, steps: [], left: [] },
    });
    for (const row of rows)
      try {
        await together(row, forward, fault === 'undone at the first failure');
      } catch {
        const back = fault === 'undone in the order of beginning' ? begun : begun.toReversed();
        for (const step of back) await undo(step);
        return end('rolled-back');
      }
    return end('succeeded');
  };
}

/** Waits for all steps of a row, or no longer than until the first of them fails. */
async function together<State>(
  row: Row<State>,
  forward: (step: Step<State>) => Promise<void>,
  hasty: boolean,
): Promise<void> {
  const steps = sideBySide(row).map(forward);
  if (!hasty) await Promise.allSettled(steps);
  await Promise.all(steps);
}
