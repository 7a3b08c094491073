import { openBoard } from './board.ts';
import type { FailureText } from './failure.ts';
import { sideBySide } from './step.ts';
import type { Row, Step, StepProgress } from './step.ts';
import { unwind } from './unwind.ts';
import type { LeftBehind, Verdict } from './unwind.ts';

/** The world around a saga; a workflow and a test each bring their own. */
export interface SagaSurroundings<State> {
  /** Called with the whole progress, and what is known by then, whenever a step changes. */
  readonly onProgress: (steps: readonly StepProgress[], state: State) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Shields work from cancellation. */
  readonly shield: <T>(work: () => Promise<T>) => Promise<T>;
  /** Turns what was thrown into the text that is shown. */
  readonly explain: (error: unknown) => FailureText;
  /** Asked when a step has failed: whether what was begun so far stays, though no pivot is done. */
  readonly stays?: (begun: readonly string[]) => boolean;
  /** Waits for an operator's word on an undo that failed. */
  readonly park: (step: Step<State>, failure: FailureText) => Promise<Verdict>;
}

export type Outcome = 'succeeded' | 'rolled-back' | 'rolled-back-except' | 'failed-past-pivot';

export interface SagaResult<State> {
  readonly outcome: Outcome;
  readonly state: State;
  readonly steps: readonly StepProgress[];
  readonly failedStep?: string;
  readonly failure?: FailureText;
  /** What the failed step threw, as it was thrown. */
  readonly error?: unknown;
  readonly left: readonly LeftBehind[];
}

/**
 * Runs a table of steps; when one fails, winds the begun ones back, newest first. Never throws
 * what a step threw: failures and what is left behind are in the result.
 */
export async function runSaga<State extends object>(
  rows: readonly Row<State>[],
  begin: State,
  around: SagaSurroundings<State>,
): Promise<SagaResult<State>> {
  const run: Run<State> = { state: begin, begun: [], pivoted: false };
  const board = openBoard(rows, (steps) => around.onProgress(steps, run.state));
  for (const row of rows) {
    const steps = sideBySide(row).map((step) => forward(step, run, { ...around, board }));
    const failed = (await Promise.allSettled(steps)).find((one) => one.status === 'rejected');
    if (failed) {
      const failedStep = board.firstFailed();
      const failure = around.explain(failed.reason);
      const stays = run.pivoted || (around.stays?.(run.begun.map(({ id }) => id)) ?? false);
      const left = stays ? [] : await around.shield(() => unwind(run, { ...around, board }));
      const outcome = outcomeOf(stays, left);
      const { state } = run;
      return {
        outcome,
        state,
        steps: board.all(),
        failedStep,
        failure,
        error: failed.reason,
        left,
      };
    }
  }
  return { outcome: 'succeeded', state: run.state, steps: board.all(), left: [] };
}

/** What a run has learned and begun so far. */
export interface Run<State> {
  state: State;
  pivoted: boolean;
  readonly begun: Step<State>[];
}

/** What a step needs from around it. */
export type Around<State> = SagaSurroundings<State> & {
  readonly board: ReturnType<typeof openBoard>;
};

async function forward<State extends object>(
  step: Step<State>,
  run: Run<State>,
  around: Around<State>,
): Promise<void> {
  const learn = (part: Partial<State>): void => {
    run.state = { ...run.state, ...part };
  };
  const idle = step.skip?.(run.state);
  if (idle !== undefined) return around.board.set(step, 'skipped', { note: idle });
  around.board.set(step, 'running', { startedAt: around.now() });
  try {
    if (step.observe) learn(await step.observe(run.state));
    run.pivoted ||= step.pivot === 'once begun';
    run.begun.push(step); // before the do: a step that failed may still have done something
    learn(await step.run(run.state));
    run.pivoted ||= step.pivot !== undefined;
    around.board.set(step, 'done', { endedAt: around.now() });
  } catch (error) {
    const failure = around.explain(error);
    around.board.set(step, 'failed', { endedAt: around.now(), failure });
    throw error;
  }
}

function outcomeOf(stays: boolean, left: readonly LeftBehind[]): Outcome {
  if (stays) return 'failed-past-pivot';
  return left.length > 0 ? 'rolled-back-except' : 'rolled-back';
}
