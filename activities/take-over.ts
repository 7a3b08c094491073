import type { Deploy, ReleaseRef, StackName, Unfinished } from '../src/deploy.ts';
import type { EnvironmentMarker } from '../src/releases/environment-marker.ts';
import type { LedgerDraft } from '../src/releases/ledger-entry.ts';
import { adoptUnwritten } from '../src/stacks/adopt-unwritten.ts';
import { silence } from '../src/stacks/silence.ts';
import { needed } from '../src/stacks/needed.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { awaitSilence } from '../src/temporal/await-silence.ts';
import type { Work } from './edge.ts';

const stackOf: Readonly<Record<string, StackName>> = {
  foundation: '10-foundation',
  services: '20-services',
};

/**
 * Makes a rollback that did not finish one's own: once nothing of it acts any more its locks are
 * freed, and what it made but could not write into a state is written there.
 */
export async function takeOver(d: Deploy, marker: EnvironmentMarker, work: Work): Promise<void> {
  const { site, signal, beat } = work;
  const { dirty: runId, receipts, steps } = marker;
  beat('taking over the rollback that did not finish');
  await awaitSilence(site.home, { workflowId: `environment/${site.name}`, runId }, signal);
  const release = needed(d.bundle, 'its release');
  const secretVersions = { ...d.previous?.secretVersions, ...receipts.secretVersions };
  await silence(site, { runId, release, secretVersions }, { signal, beat });
  for (const step of steps) {
    const stack = stackOf[step];
    const begun = { ...d, secretVersions: { ...receipts.secretVersions } };
    if (stack) await adoptUnwritten(site, begun, stack, watchOf(work));
  }
}

/** What a marker says of the run that wrote it. */
export function unfinishedOf({ dirty, kind, actor, steps, facts }: EnvironmentMarker): Unfinished {
  return { runId: dirty, kind, actor, steps, facts };
}

/** The ledger's entry of a run that was terminated and so could not write one. */
export function terminatedEntry(
  { runId, kind, actor, steps, facts }: Unfinished,
  by: string,
  release: ReleaseRef | undefined,
): LedgerDraft {
  return {
    at: new Date().toISOString(),
    runId,
    kind: kind === 'rollback' ? 'rollback' : 'deploy',
    actor,
    outcome: 'terminated',
    ...(release && { release }),
    secretVersions: {},
    revisions: {},
    traffic: {},
    ...facts,
    left: [],
    undo: Object.fromEntries(steps.map((step) => [step, by])),
  };
}
