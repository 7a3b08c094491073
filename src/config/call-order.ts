/** What is wrong in windlass.yaml, and where. */
export interface CallIssue {
  readonly path: readonly string[];
  readonly message: string;
}

interface Callable {
  readonly calls: readonly string[];
}

/**
 * What stands against laying the services in two tiers, those that are called before those that
 * call: a caller must know the address of a service that exists already.
 */
export function callIssues(services: Readonly<Record<string, Callable>>): readonly CallIssue[] {
  return Object.entries(services).flatMap(([name, { calls }]) =>
    calls
      .flatMap((callee) => issueOf(callee, services[callee]) ?? [])
      .map((message) => ({ path: ['services', name, 'calls'], message })),
  );
}

function issueOf(callee: string, service: Callable | undefined): string | undefined {
  if (service === undefined) return `names the unknown service ${callee}`;
  return service.calls.length > 0
    ? `names ${callee}, which calls others itself: only two tiers can be laid`
    : undefined;
}
