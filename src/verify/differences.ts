import { Failure } from '../failure.ts';

/** Throws when the cloud is not as the plan says; one line per difference. */
export function refuseDifferences(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new Failure({
    code: 'CLOUD_DISAGREES',
    what: 'The cloud is not as the plan says',
    why: differences.join('; '),
    fix: 'Look at what differs; `rollback` returns to the release before.',
    class: 'retry',
  });
}
