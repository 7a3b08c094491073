/** What can run by the clock. */
export const kinds = ['backups', 'drills', 'drift'] as const;
export type Kind = (typeof kinds)[number];

/** The name of an environment's schedule. */
export function scheduleIdOf(kind: Kind, environment: string): string {
  return `${kind}/${environment}`;
}
