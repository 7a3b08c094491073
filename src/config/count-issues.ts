import type { Issue } from './issue.ts';

/** Entries that a place of windlass.yaml may have. */
const limits = {
  /** Cloud Run: services of a project in one region (quota, read on 2026-11-29). */
  services: 1000,
  environments: 50,
  smoke: 600,
} as const;

/** Places with more entries than can be; looked for before anything compares them with each other. */
export function countIssues(value: unknown): readonly Issue[] {
  if (typeof value !== 'object' || value === null) return [];
  const named = new Map<string, unknown>(Object.entries(value));
  return Object.entries(limits).flatMap(([key, most]) => {
    const found = named.get(key);
    const count = typeof found === 'object' && found !== null ? Object.keys(found).length : 0;
    if (count <= most) return [];
    const message = `has ${count} entries: at most ${most}`;
    return [{ path: [key], message, fix: 'Put the rest into a windlass.yaml of another folder.' }];
  });
}
