import type { Issue } from './issue.ts';

interface Reached {
  readonly calls: readonly string[];
  readonly ingress?: string | undefined;
}

/**
 * Services that are called and cannot be reached: to Google a call from one service to another comes
 * from outside, as long as it does not go through a VPC network, and Windlass lays none.
 */
export function reachIssues(services: Readonly<Record<string, Reached>>): readonly Issue[] {
  return Object.entries(services).flatMap(([name, { ingress = 'all' }]) => {
    if (ingress === 'all') return [];
    const callers = Object.keys(services).filter((one) => services[one]?.calls.includes(name));
    if (callers.length === 0) return [];
    const message = `is ${ingress}, and ${callers.join(', ')} would get 404: a call from another service comes from outside, unless it goes through a VPC network`;
    const fix = 'Leave `ingress` out: only the services that list it in `calls` may call it.';
    return [{ path: ['services', name, 'ingress'], message, fix }];
  });
}
