import type { FailureText } from './failure.ts';

/**
 * How a step is wound back, or the reason why it never is; `changes` where it changes the
 * environment all the same.
 */
export type Undo<State> =
  | ((state: State) => Promise<Partial<State> | void>)
  | { readonly none: string; readonly changes?: true };

/**
 * One row of a table. `observe` reads what the undo will restore and runs before the undo is
 * registered; `run` returns what it learned. Nothing that a step returns may be a secret.
 */
export interface Step<State> {
  readonly id: string;
  readonly title: string;
  /** Why there is nothing to do for this state, or undefined where there is. */
  readonly skip?: (state: State) => string | undefined;
  readonly observe?: (state: State) => Promise<Partial<State>>;
  readonly run: (state: State) => Promise<Partial<State>>;
  readonly undo: Undo<State>;
  /**
   * Once a pivot is done there is no way back but an explicit rollback; one that counts `once begun`
   * is never wound back, for even where it fails it may have moved something.
   */
  readonly pivot?: true | 'once begun';
}

/** A row is a step, or steps that run side by side. */
export type Row<State> = Step<State> | readonly Step<State>[];

export type StepStatus =
  | 'waiting'
  | 'running'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'undoing'
  | 'undone'
  | 'kept'
  | 'stuck'
  | 'left';

/** What the world may know of a step while the run goes on. */
export interface StepProgress {
  readonly id: string;
  readonly title: string;
  readonly status: StepStatus;
  readonly note?: string;
  readonly failure?: FailureText;
  /** Milliseconds since the epoch, by the workflow's clock. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** All steps of a table in their order, side-by-side ones too. */
export function stepsOf<State>(rows: readonly Row<State>[]): readonly Step<State>[] {
  return rows.flatMap(sideBySide);
}

/** The steps of one row. */
export function sideBySide<State>(row: Row<State>): readonly Step<State>[] {
  return isStep(row) ? [row] : row;
}

function isStep<State>(row: Row<State>): row is Step<State> {
  return !Array.isArray(row);
}
