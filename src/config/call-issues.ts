import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';
import { ownValue } from '../own-value.ts';

interface Callable {
  readonly kind?: string;
  readonly calls: readonly string[];
}

/** Every call of a service that there is not. Who calls whom is free: cycles too. */
export function callIssues(services: Readonly<Record<string, Callable>>): readonly Issue[] {
  const names = Object.keys(services);
  return Object.entries(services).flatMap(([name, { calls }]) =>
    calls
      .flatMap((callee) => {
        const called = ownValue(services, callee);
        if (!called) return [unknown(callee, names)];
        return (called.kind ?? 'service') === 'service' ? [] : [silent(callee, called.kind)];
      })
      .map((issue) => ({ path: ['services', name, 'calls'], ...issue })),
  );
}

function unknown(callee: string, names: readonly string[]): Omit<Issue, 'path'> {
  const meant = nearest(callee, names);
  const fix = meant ? `Did you mean \`${meant}\`?` : `Name one of: ${names.join(', ')}.`;
  return { message: `names the unknown service ${callee}`, fix };
}

function silent(callee: string, kind = ''): Omit<Issue, 'path'> {
  const message = `names ${callee}, a ${kind}, which has no address`;
  return { message, fix: 'Let it read what there is to do from the database or a queue.' };
}
