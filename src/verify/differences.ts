import { Failure } from '../failure.ts';

/** Throws when the cloud is not as the plan says; one line per difference. */
export function refuseDifferences(differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new Failure({
    code: 'CLOUD_DISAGREES',
    what: 'The cloud differs from the plan',
    why: differences.join('; '),
    fix: 'Check what differs; `windlass rollback -e ENVIRONMENT` returns to the previous release.',
    class: 'retry',
  });
}
