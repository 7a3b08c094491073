import type { Deploy } from '../src/deploy.ts';
import type { Ending } from '../src/ending.ts';
import { stateMarks } from '../src/planning/state-marks.ts';
import { currentRevisions } from '../src/postgres/current-revisions.ts';
import { clearMarker, markDirty } from '../src/releases/environment-marker.ts';
import type { Beginning } from '../src/releases/environment-marker.ts';
import { appendToLedger } from '../src/releases/ledger.ts';
import { factsOf } from '../src/run-facts.ts';
import { databaseServices } from '../src/services.ts';
import { databaseOf } from '../src/site-database.ts';
import type { Input, Work } from './edge.ts';

interface Marking extends Input {
  readonly beginning: Omit<Beginning, 'runId'>;
}

/** Marks the environment as dirty before a step changes it. */
export async function markEnvironment(
  { runId, beginning }: Marking,
  { site }: Work,
): Promise<Record<string, never>> {
  await markDirty(site, { runId, ...beginning });
  return {};
}

/** Writes how the run ended into the ledger; clears the marker where nothing is left half-done. */
export async function recordOutcome(
  d: Deploy & { readonly ending: Ending },
  { site }: Work,
): Promise<Record<string, never>> {
  const { ending, bundle } = d;
  const { kind, outcome, failedStep, failure, left, undo, seconds } = ending;
  const release = kind === 'reconcile' ? d.previous?.release : bundle;
  const login = await databaseOf(site);
  const revisions = login && (await currentRevisions(login, databaseServices(site.config)));
  await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: d.runId,
    kind,
    actor: d.actor,
    outcome: kind === 'reconcile' && outcome === 'succeeded' ? 'reconciled' : outcome,
    secretVersions: {},
    revisions: revisions ?? {},
    traffic: {},
    ...{ left, undo, seconds },
    states: await stateMarks(site),
    ...factsOf(d),
    ...(d.kept && { kept: d.kept }),
    ...(release && { release }),
    ...(failedStep !== undefined && { failedStep }),
    ...(failure !== undefined && { failure }),
  });
  const woundBack = outcome === 'rolled-back' && kind !== 'reconcile';
  if (outcome === 'succeeded' || woundBack) await clearMarker(site);
  return {};
}
