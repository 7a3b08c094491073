import type { Issue } from './issue.ts';

interface Probed {
  readonly startupPath: string;
  readonly livenessPath: string;
}

/** Paths that no probe can ask for. (`/healthz` can: the probes stand behind Google's front end.) */
export function pathIssues(service: Probed): readonly Issue[] {
  return (['startupPath', 'livenessPath'] as const).flatMap((key) => {
    const path = service[key];
    if (/^\/[^\s#]*$/.test(path)) return [];
    const fixed = `/${path
      .trim()
      .replace(/^\/+/, '')
      .replaceAll(/[\s#].*$/g, '')}`;
    const message = `is '${path}': a path begins with a slash and holds no space and no #`;
    return [{ path: [key], message, fix: `Write \`${key}: ${fixed}\`.` }];
  });
}
