import type { Deploy, StackName, StackPlan } from '../deploy.ts';
import { Failure } from '../failure.ts';

/** What an earlier step must have learned by now. */
export function needed<T>(value: T | undefined | null, what: string): T {
  if (value !== undefined && value !== null) return value;
  throw new Failure({
    code: 'STEP_ORDER',
    what: `${what} is not known yet`,
    why: 'an earlier step did not return it',
    fix: 'This is a bug in Windlass: please report it with the run id.',
  });
}

/** The approved plan of one stack. */
export function planOf(d: Deploy, stack: StackName): StackPlan {
  return needed(
    d.plan?.stacks.find((one) => one.stack === stack),
    `the plan of ${stack}`,
  );
}
