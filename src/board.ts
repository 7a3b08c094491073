import { stepsOf } from './step.ts';
import type { Row, Step, StepProgress, StepStatus } from './step.ts';

/** Keeps the progress of every step of a table and tells it whenever one changes. */
export function openBoard<State>(
  rows: readonly Row<State>[],
  tell: (steps: readonly StepProgress[]) => void,
) {
  const steps = new Map<string, StepProgress>(
    stepsOf(rows).map(({ id, title }) => [id, { id, title, status: 'waiting' }]),
  );
  const all = (): readonly StepProgress[] => [...steps.values()];
  const set = (
    { id, title }: Pick<Step<State>, 'id' | 'title'>,
    status: StepStatus,
    more: Partial<StepProgress>,
  ): void => {
    steps.set(id, { ...steps.get(id), id, title, status, ...more });
    tell(all());
  };
  const firstFailed = (): string => all().find((one) => one.status === 'failed')?.id ?? 'unknown';
  return { all, set, firstFailed };
}
