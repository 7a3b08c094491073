import type { Deploy } from '../src/deploy.ts';

/** What a run leaves as it was, in words, with what it has left so far. */
export function keeping(d: Deploy, lines: readonly string[]): Partial<Deploy> {
  return lines.length === 0 ? {} : { kept: [...(d.kept ?? []), ...lines] };
}
