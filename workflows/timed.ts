import { sideBySide } from '../src/step.ts';
import type { Row, Step } from '../src/step.ts';

interface Timed {
  readonly stepSeconds?: Readonly<Record<string, number>>;
}

/** The same table, where every step also learns how long the steps before it and itself took. */
export function timed<State extends Timed>(rows: readonly Row<State>[]): readonly Row<State>[] {
  const seconds: Record<string, number> = {};
  return rows.map((row) => sideBySide(row).map((step) => withTime(step, seconds)));
}

function withTime<State extends Timed>(
  step: Step<State>,
  seconds: Record<string, number>,
): Step<State> {
  return {
    ...step,
    run: async (state) => {
      const begun = Date.now(); // the workflow's clock: the same in every replay
      const learned = await step.run({ ...state, stepSeconds: { ...seconds } });
      seconds[step.id] = Math.round((Date.now() - begun) / 100) / 10;
      return learned;
    },
  };
}
