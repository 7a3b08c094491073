import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';
import { ownValue } from '../own-value.ts';

interface Callable {
  readonly calls: readonly string[];
}

/** Every call of a service that there is not. Who calls whom is free: cycles too. */
export function callIssues(services: Readonly<Record<string, Callable>>): readonly Issue[] {
  const names = Object.keys(services);
  return Object.entries(services).flatMap(([name, { calls }]) =>
    calls
      .flatMap((callee) => (ownValue(services, callee) ? [] : [unknown(callee, names)]))
      .map((issue) => ({ path: ['services', name, 'calls'], ...issue })),
  );
}

function unknown(callee: string, names: readonly string[]): Omit<Issue, 'path'> {
  const meant = nearest(callee, names);
  const fix = meant ? `Did you mean \`${meant}\`?` : `Name one of: ${names.join(', ')}.`;
  return { message: `names the unknown service ${callee}`, fix };
}
