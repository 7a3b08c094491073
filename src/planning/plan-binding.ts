import type { Binding } from '../deploy.ts';

/** What is bound, a line each, for people. */
export function bindingLine({ service, revision, percent }: Binding): string {
  const share = percent > 0 ? `${percent} %` : 'a tag';
  return `${service}: ${share} follows LATEST and is pinned to ${revision}`;
}
