import { z } from 'zod';

const part = z.unknown().optional();
// What a revision does; its name, its scaling and what Google stamps on it are left out.
const Content = z.object({
  serviceAccount: part,
  timeout: part,
  maxInstanceRequestConcurrency: part,
  volumes: part,
  containers: z
    .array(
      z.object({
        image: part,
        command: part,
        args: part,
        env: part,
        resources: part,
        ports: part,
        volumeMounts: part,
        startupProbe: part,
        livenessProbe: part,
      }),
    )
    .nullish(),
});

/**
 * What a revision runs, as a text: equal for two revisions that differ in name only, as those of a
 * deploy that was wound back do.
 */
export function revisionContent(message: unknown): string {
  return JSON.stringify(tidied(Content.parse(message)));
}

/** Keys in order, nothing that is unset: two messages that mean the same are written the same. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== 'object' || value === null) return value;
  const set = Object.entries(value).filter(([, inner]) => !isUnset(inner));
  const sorted = set.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, tidied(inner)]));
}

function isUnset(value: unknown): boolean {
  const empty = Array.isArray(value) && value.length === 0;
  return empty || value === undefined || value === null || value === '';
}
