/** One workflow id per environment is the lock. */
export function workflowIdOf(environment: string): string {
  return `environment/${environment}`;
}
