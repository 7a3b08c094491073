import type { Deploy } from './deploy.ts';

/** The points of no return of a run's plan that its caller did not name. */
export function unaccepted({ plan, accept = [] }: Deploy): readonly string[] {
  return (plan?.undo?.pointsOfNoReturn ?? []).filter((name) => !accept.includes(name));
}
