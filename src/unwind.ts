import type { FailureText } from './failure.ts';
import type { Around, Run } from './saga.ts';
import type { Step } from './step.ts';

/** What an operator may say of an undo that cannot finish. */
export type Verdict =
  { readonly action: 'retry' } | { readonly action: 'skip' | 'done'; readonly reason: string };

/** A step whose undo did not finish, and why. */
export interface LeftBehind {
  readonly step: string;
  readonly failure: FailureText;
  readonly reason: string;
}

/** Winds every begun step back, newest first; what an operator gave up on is returned. */
export async function unwind<State extends object>(
  run: Run<State>,
  around: Around<State>,
): Promise<LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const step of run.begun.toReversed()) {
    const remains = await undo(step, run, around);
    if (remains) left.push(remains);
  }
  return left;
}

async function undo<State extends object>(
  step: Step<State>,
  run: Run<State>,
  around: Around<State>,
): Promise<LeftBehind | undefined> {
  if (typeof step.undo !== 'function') {
    around.board.set(step, 'kept', { note: step.undo.none });
    return undefined;
  }
  for (;;) {
    around.board.set(step, 'undoing', {});
    try {
      run.state = { ...run.state, ...(await step.undo(run.state)) };
      around.board.set(step, 'undone', { endedAt: around.now() });
      return undefined;
    } catch (error) {
      const failure = around.explain(error);
      around.board.set(step, 'stuck', { failure });
      const verdict = await around.park(step, failure);
      if (verdict.action !== 'retry') return settle(step, failure, verdict, around);
    }
  }
}

function settle<State>(
  step: Step<State>,
  failure: FailureText,
  verdict: Exclude<Verdict, { action: 'retry' }>,
  around: Around<State>,
): LeftBehind | undefined {
  const done = verdict.action === 'done';
  around.board.set(step, done ? 'undone' : 'left', { note: verdict.reason });
  return done ? undefined : { step: step.id, failure, reason: verdict.reason };
}
