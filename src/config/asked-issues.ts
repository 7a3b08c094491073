import { ownValue } from '../own-value.ts';
import type { Issue } from './issue.ts';
import type { Ready } from './ready.ts';

/** What says whether a service can be asked. */
export interface Asked {
  readonly public: boolean;
  readonly calls: readonly string[];
  readonly ready?: Ready | undefined;
}

/** What stands against asking a service from outside, by the key that asks. */
export function askedIssues(services: Readonly<Record<string, Asked>>): readonly Issue[] {
  const called = new Set(Object.values(services).flatMap(({ calls }) => calls));
  return Object.entries(services).flatMap(([name, { ready, public: open }]) => {
    if (ready === undefined) return [];
    const path = ['services', name, 'ready'];
    const uncalled = open || called.has(name) ? [] : [{ path, ...uncalledWords }];
    return [...uncalled, ...askedPathIssues([...path, 'path'], ready.path)];
  });
}

const uncalledWords = {
  message: 'would never be called: the service is not public, and none `calls` it',
  fix: 'Remove `ready`: the start-up probe is used anyway.',
};

/** A path that cannot be asked for from outside. */
export function askedPathIssues(path: readonly string[], asked: string): readonly Issue[] {
  if (!/^\/[^\s#]*$/.test(asked)) {
    const slash = `/${asked
      .trim()
      .replace(/^\/+/, '')
      .replaceAll(/[\s#].*$/g, '')}`;
    const message = `is '${asked}': a path begins with a slash and holds no space and no #`;
    return [{ path, message, fix: `Write \`path: ${slash}\`.` }];
  }
  if (!/^\/healthz(\?|$)/.test(asked)) return [];
  const message = "is '/healthz', which Google's front end answers with 404 for external requests";
  return [{ path, message, fix: 'Use another path; as `startupPath` it is allowed.' }];
}

/** Whether anybody may call it. */
export function isCallable(services: Readonly<Record<string, Asked>>, name: string): boolean {
  const callers = Object.values(services).some(({ calls }) => calls.includes(name));
  return ownValue(services, name)?.public === true || callers;
}
