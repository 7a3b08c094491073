import type { LedgerEntry } from '../../releases/ledger-entry.ts';
import type { SeenRun } from './seen-runs.ts';

/** A run of an environment as `windlass history` tells of it. */
export interface ToldRun {
  readonly runId: string;
  readonly kind: string;
  readonly actor: string;
  readonly outcome: string;
  readonly release: string | null;
  /** ISO 8601; null where nobody knows any more. */
  readonly startedAt: string | null;
  /** null while it is open. */
  readonly endedAt: string | null;
  /** As Temporal knows it, else the sum of its steps; null where neither is known. */
  readonly seconds: number | null;
  readonly reason: string | null;
  readonly failedStep: string | null;
  readonly failure: string | null;
  /** The number of its ledger entry; null for a run that has none. */
  readonly entry: number | null;
}

/** The runs of a ledger and those that Temporal knows besides, newest first, each told once. */
export function toldRuns(
  ledger: readonly LedgerEntry[],
  seen: readonly SeenRun[],
): readonly ToldRun[] {
  const byId = new Map(seen.map((run) => [run.runId, run]));
  const recorded = new Set(ledger.map(({ runId }) => runId));
  return [
    ...ledger.map((entry) => ofEntry(entry, byId.get(entry.runId))),
    ...seen.filter(({ runId }) => !recorded.has(runId)).map(ofSeen),
  ].toSorted((a, b) => momentOf(b) - momentOf(a));
}

/** When it ended; an open run counts as the newest. */
function momentOf({ endedAt }: ToldRun): number {
  return endedAt === null ? Infinity : Date.parse(endedAt);
}

function ofEntry(entry: LedgerEntry, seen: SeenRun | undefined): ToldRun {
  const { runId, kind, actor, outcome, release, at, seconds, failedStep, failure } = entry;
  const summed = seconds && Object.values(seconds).reduce((sum, one) => sum + one, 0);
  return {
    runId,
    kind,
    actor,
    outcome,
    release: release?.id ?? null,
    startedAt: seen?.startedAt ?? null,
    endedAt: seen?.endedAt ?? at,
    seconds: (seen && spanIn(seen)) ?? summed ?? null,
    reason: reasonIn(entry.acts),
    failedStep: failedStep ?? null,
    failure: failure ?? null,
    entry: entry.number,
  };
}

function ofSeen(seen: SeenRun): ToldRun {
  const { runId, kind, actor, state, release, startedAt, endedAt, report } = seen;
  return {
    runId,
    kind: report?.planOnly ? 'plan' : kind,
    actor,
    outcome: report?.outcome ?? state,
    release: report?.release ?? release,
    startedAt,
    endedAt,
    seconds: spanIn(seen),
    reason: reasonIn(report?.acts),
    failedStep: report?.failedStep ?? null,
    failure: report?.failure?.what ?? null,
    entry: null,
  };
}

function spanIn({ startedAt, endedAt }: SeenRun): number {
  return ((endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000;
}

/** The newest reason that somebody gave: why it was stopped says more than why it was started. */
function reasonIn(acts: readonly Reasoned[] = []): string | null {
  return acts.findLast(({ reason }) => reason !== undefined)?.reason ?? null;
}

interface Reasoned {
  readonly reason?: string | undefined;
}
