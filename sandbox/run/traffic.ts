import { invalid } from '../google/http.ts';
import type { TrafficTarget } from './records.ts';

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
const TAG = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The traffic of a request with its types spelled out; checked as Cloud Run checks it. */
export function readTraffic(
  targets: readonly TrafficTarget[],
  revisionExists: (revision: string) => boolean,
): readonly TrafficTarget[] {
  const typed = targets.map((target) => ({
    ...target,
    type: target.type ?? (target.revision === undefined ? LATEST : REVISION),
  }));
  typed.forEach((target, index) => checkTarget(target, index, revisionExists));
  checkTags(typed);
  const sum = typed.reduce((total, { percent }) => total + (percent ?? 0), 0);
  if (sum !== 100) {
    throw invalid(`Violation in service.traffic: traffic percentages must sum to 100, not ${sum}.`);
  }
  return typed;
}

/** Whether any target follows the latest ready revision. */
export const followsLatest = (targets: readonly TrafficTarget[]): boolean =>
  targets.some(({ type }) => type === LATEST);

/** The short revision name that a target leads to now; undefined where none is ready yet. */
export function revisionOf(target: TrafficTarget, latestReady?: string): string | undefined {
  return target.type === LATEST ? latestReady : target.revision;
}

/** The revision for one request: `dice` runs from 0 (included) to 1 (excluded). */
export function pickRevision(
  targets: readonly TrafficTarget[],
  latestReady: string | undefined,
  dice: number,
): string | undefined {
  let left = dice * 100;
  for (const target of targets) {
    left -= target.percent ?? 0;
    if (left < 0) return revisionOf(target, latestReady);
  }
  return undefined;
}

/** The share of all requests that a revision gets, in percent. */
export function shareOf(
  targets: readonly TrafficTarget[],
  latestReady: string | undefined,
  revision: string,
): number {
  return targets
    .filter((target) => revisionOf(target, latestReady) === revision)
    .reduce((total, { percent }) => total + (percent ?? 0), 0);
}

function checkTarget(
  target: TrafficTarget,
  index: number,
  revisionExists: (revision: string) => boolean,
): void {
  const place = `service.traffic[${index}]`;
  if (target.type === LATEST && target.revision !== undefined) {
    throw invalid(`Violation in ${place}.revision: must not be set for type LATEST.`);
  }
  if (target.type === REVISION && target.revision === undefined) {
    throw invalid(`Violation in ${place}.revision: must be set for type REVISION.`);
  }
  if (target.revision !== undefined && !revisionExists(target.revision)) {
    throw invalid(`Violation in ${place}.revision: Revision '${target.revision}' does not exist.`);
  }
  if (target.tag !== undefined && !TAG.test(target.tag)) {
    throw invalid(`Violation in ${place}.tag: '${target.tag}' is not a valid traffic tag.`);
  }
}

function checkTags(targets: readonly TrafficTarget[]): void {
  const tags = targets.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice !== undefined) {
    throw invalid(`Violation in service.traffic: tag '${twice}' is used more than once.`);
  }
}
