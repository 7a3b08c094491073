/** What is wrong in windlass.yaml, and where. */
export interface CallIssue {
  readonly path: readonly string[];
  readonly message: string;
}

interface Callable {
  readonly calls: readonly string[];
  readonly public: boolean;
}

/**
 * What stands against laying the services in two tiers, those that are called before those that
 * call: a caller must know the address of a service that exists already.
 */
export function callIssues(services: Readonly<Record<string, Callable>>): readonly CallIssue[] {
  const called = new Set(Object.values(services).flatMap(({ calls }) => calls));
  return Object.entries(services).flatMap(([name, { calls, public: everybody }]) => [
    ...calls.flatMap((callee) => issueOf(callee, services[callee]) ?? []).map(at(name, 'calls')),
    ...(everybody || called.has(name) ? [] : [nobodyCalls].map(at(name))),
  ]);
}

const nobodyCalls = 'is called by nobody: list it in the `calls` of another, or make it public';

function issueOf(callee: string, service: Callable | undefined): string | undefined {
  if (service === undefined) return `names the unknown service ${callee}`;
  return service.calls.length > 0
    ? `names ${callee}, which calls others itself: only two tiers can be laid`
    : undefined;
}

const at =
  (...path: readonly string[]) =>
  (message: string): CallIssue => ({ path: ['services', ...path], message });
