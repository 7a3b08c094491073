import type { TrafficTarget } from './run-service.ts';

/** The tag under which a release's new revisions are reachable before they get traffic. */
export const candidateTag = 'candidate';

/** Whether two splits send the same share to the same revisions under the same tags. */
export function sameSplit(a: readonly TrafficTarget[], b: readonly TrafficTarget[]): boolean {
  return written(a) === written(b);
}

/** The split with the candidate's tag at 0 % on that revision, and on no other. */
export function withCandidate(
  traffic: readonly TrafficTarget[],
  revision: string,
): readonly TrafficTarget[] {
  const rest = withoutCandidate(traffic);
  return [...rest, { revision, percent: 0, tag: candidateTag }];
}

/** The split without the candidate's tag; traffic that a tagged line carries is kept. */
export function withoutCandidate(traffic: readonly TrafficTarget[]): readonly TrafficTarget[] {
  const rest = traffic.flatMap((target) => {
    if (target.tag !== candidateTag) return [target];
    return target.percent > 0 ? [{ revision: target.revision, percent: target.percent }] : [];
  });
  return rest.length > 0 ? rest : [{ revision: 'LATEST', percent: 100 }];
}

/** Google's default for no lines at all is everything to the latest ready revision. */
function written(traffic: readonly TrafficTarget[]): string {
  const lines = traffic.length > 0 ? traffic : [{ revision: 'LATEST', percent: 100 }];
  return lines
    .filter((line) => line.percent > 0 || line.tag !== undefined)
    .map((line) => `${line.revision} ${line.percent} ${line.tag ?? ''}`)
    .sort()
    .join('\n');
}
